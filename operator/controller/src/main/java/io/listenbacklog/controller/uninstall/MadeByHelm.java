package io.listenbacklog.controller.uninstall;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a Job was made because a release is being uninstalled.
 *
 * <p>Helm makes hooks of {@code pre-delete} when it uninstalls, and at no other time. So does Argo
 * CD where it has PreDelete hooks, before it deletes an Application; it is not told apart here from
 * what applies all (uninstall.onlyByHelm=false is for it), and where it has none it leaves them
 * out. Others that read a rendered chart ({@code helm template | kubectl apply}, kustomize's
 * helmCharts) make the hooks with all the rest, when they install; each is the manager of what it
 * made (metadata.managedFields), under its program's name. The release's record is no such proof:
 * it may be a Secret, a ConfigMap or a row in a database, of another namespace, and after an
 * uninstallation that has failed it says {@code uninstalling} on.
 */
record MadeByHelm(boolean is, List<String> managers) {
  /**
   * Programs that have Helm inside and are not called after it. Helm takes the program's name for
   * the manager's, and OpenShift's console, which installs and uninstalls charts, is {@code
   * /opt/bridge/bin/bridge}.
   */
  private static final Set<String> WITH_HELM_INSIDE = Set.of("bridge");

  /**
   * Reads a Job.
   *
   * @param job null: there is none, so this is no uninstallation
   */
  static MadeByHelm of(@Nullable Job job) {
    if (job == null) return new MadeByHelm(false, List.of());
    var managers =
        job.getMetadata().getManagedFields().stream()
            // The Job controller's own entry is about the status.
            .filter(each -> each.getSubresource() == null || each.getSubresource().isEmpty())
            .map(ManagedFieldsEntry::getManager)
            .distinct()
            .toList();
    return new MadeByHelm(managers.stream().anyMatch(MadeByHelm::hasHelmInside), managers);
  }

  /** Such as "helm-4.1.4", Flux' "helm-controller", "terraform-provider-helm_v3.0.2". */
  private static boolean hasHelmInside(String manager) {
    return manager.toLowerCase(Locale.ROOT).contains("helm") || WITH_HELM_INSIDE.contains(manager);
  }
}
