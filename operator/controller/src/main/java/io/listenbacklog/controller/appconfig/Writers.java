package io.listenbacklog.controller.appconfig;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.listenbacklog.api.ApiGroup;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Who keeps writing a workload: whatever else is written there is set back sooner or later. Who
 * only created or edited it once (kubectl create, kubectl set, a dashboard) is none of them.
 */
final class Writers {
  /** Tools that say what all of an object is to be, but write it by update. */
  private static final Map<String, String> BY_UPDATE =
      Map.ofEntries(
          Map.entry("kubectl-client-side-apply", "kubectl apply"),
          Map.entry("argocd-controller", "Argo CD"),
          Map.entry("argocd-application-controller", "Argo CD"),
          Map.entry("kustomize-controller", "Flux"),
          Map.entry("helm-controller", "Flux"),
          Map.entry("flux", "Flux"),
          Map.entry("helm", "Helm"),
          Map.entry("Helm", "Helm"),
          Map.entry("Terraform", "Terraform"),
          Map.entry("HashiCorp", "Terraform"),
          Map.entry("pulumi-kubernetes", "Pulumi"));

  /** Marks that such tools leave: annotations and labels. */
  private static final Map<String, String> BY_MARK =
      Map.of(
          "argocd.argoproj.io/tracking-id", "Argo CD",
          "argocd.argoproj.io/instance", "Argo CD",
          "kustomize.toolkit.fluxcd.io/name", "Flux",
          "helm.toolkit.fluxcd.io/name", "Flux",
          "meta.helm.sh/release-name", "Helm",
          "fleet.cattle.io/bundle-id", "Fleet",
          "kubectl.kubernetes.io/last-applied-configuration", "kubectl apply");

  private static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  /** For people, each once, by the alphabet; empty: nobody. */
  static List<String> of(ObjectMeta metadata) {
    var writers = new TreeSet<String>();
    for (OwnerReference owner : metadata.getOwnerReferences()) {
      if (Boolean.TRUE.equals(owner.getController())) {
        writers.add("the controller of %s %s".formatted(owner.getKind(), owner.getName()));
      }
    }
    Map<String, String> annotations = requireNonNullElse(metadata.getAnnotations(), Map.of());
    Map<String, String> labels = requireNonNullElse(metadata.getLabels(), Map.of());
    BY_MARK.forEach(
        (key, tool) -> {
          if (annotations.containsKey(key) || labels.containsKey(key)) writers.add(tool);
        });
    if ("Helm".equals(labels.get(MANAGED_BY))) writers.add("Helm");
    for (ManagedFieldsEntry each : metadata.getManagedFields()) {
      if (each.getManager() == null || isOurs(each.getManager()) || !writesTemplate(each)) continue;
      String tool = BY_UPDATE.get(each.getManager());
      if (tool != null) {
        writers.add(tool);
      } else if ("Apply".equals(each.getOperation())) {
        writers.add("%s (server-side apply)".formatted(each.getManager()));
      }
    }
    return List.copyOf(writers);
  }

  private static boolean isOurs(String manager) {
    return manager.equals(ApiGroup.CONTROLLER) || manager.equals(KubernetesWorkloads.MANAGER);
  }

  private static boolean writesTemplate(ManagedFieldsEntry entry) {
    if (entry.getSubresource() != null && !entry.getSubresource().isEmpty()) return false;
    FieldsV1 fields = entry.getFieldsV1();
    return fields != null
        && fields.getAdditionalProperties().get("f:spec") instanceof Map<?, ?> spec
        && spec.containsKey("f:template");
  }

  private Writers() {}
}
