package io.listenbacklog.controller.appconfig;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.appconfig.plan.Change;
import io.listenbacklog.appconfig.plan.Memory;
import io.listenbacklog.appconfig.plan.PodTemplate;
import io.listenbacklog.appconfig.plan.Workload.TemplateElsewhere;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes workloads: a change of the pod template together with the memory of it. What changed since
 * it was read is refused by the API server.
 */
final class WorkloadWriter {
  private static final String MANAGER = KubernetesWorkloads.MANAGER;
  private static final String LABEL = KubernetesWorkloads.LABEL;
  private static final String LABEL_VALUE = KubernetesWorkloads.LABEL_VALUE;
  private static final int UNPROCESSABLE = 422;

  private final WorkloadResources resources;

  WorkloadWriter(WorkloadResources resources) {
    this.resources = resources;
  }

  /**
   * Tries what the template is to be without writing it, and then writes it and the memory.
   *
   * @param touched the places of the template that are ours
   */
  void apply(LiveWorkload workload, PodTemplate target, List<Change> touched, Memory memory) {
    Write write = write(workload, target, touched, memory);
    PodTemplate result = write.dryRun();
    for (Change each : touched) {
      if (each.isIn(target) && !each.isIn(result)) {
        throw new KubernetesClientException(
            "what was tried without writing it came back otherwise (%s): an admission webhook changes it"
                .formatted(each.place()));
      }
    }
    write.forReal();
  }

  /** A write that can be tried first. */
  private interface Write {
    /** What the template would be. */
    PodTemplate dryRun();

    void forReal();
  }

  private Write write(
      LiveWorkload workload, PodTemplate target, List<Change> touched, Memory memory) {
    return workload.id().kind() == WorkloadKind.ROLLOUT
        ? new JsonPatch(workload, changes(workload, target, memory))
        : new Application(
            object(
                workload,
                Memories.write(memory),
                Templates.applied(workload.raw(), target, touched)));
  }

  /** By server-side apply. */
  private final class Application implements Write {
    private final Resource<HasMetadata> wanted;

    Application(HasMetadata wanted) {
      this.wanted = resources.of(wanted);
    }

    @Override
    public PodTemplate dryRun() {
      HasMetadata tried =
          wanted.dryRun(true).fieldManager(MANAGER).forceConflicts().serverSideApply();
      return Templates.facts(LiveWorkloads.template(tried).getSpec());
    }

    @Override
    public void forReal() {
      wanted.fieldManager(MANAGER).forceConflicts().serverSideApply();
    }
  }

  /**
   * By operations of RFC 6902 on what was read. The volumes of a Rollout have no schema, its
   * containers had none in earlier versions of Argo Rollouts: server-side apply of a part of such a
   * list takes it for the whole, and drops the rest.
   */
  private final class JsonPatch implements Write {
    private final LiveWorkload workload;
    private final List<Operation> operations;

    JsonPatch(LiveWorkload workload, List<Operation> operations) {
      this.workload = workload;
      this.operations = operations;
    }

    @Override
    public PodTemplate dryRun() {
      HasMetadata tried = patch(workload, operations, true);
      return Templates.facts(LiveWorkloads.template(tried).getSpec());
    }

    @Override
    public void forReal() {
      patch(workload, operations, false);
    }
  }

  /** Of the workload: whose it is, at which version, the memory, and this part of the template. */
  private static HasMetadata object(LiveWorkload workload, String memory, PodTemplateSpec part) {
    var metadata =
        new ObjectMetaBuilder()
            .withName(workload.id().name())
            .withNamespace(workload.id().namespace())
            .withResourceVersion(workload.resourceVersion())
            .addToLabels(LABEL, LABEL_VALUE)
            .addToAnnotations(AnnotationKeys.APP_CONFIG, memory)
            .build();
    return switch (workload.id().kind()) {
      case DEPLOYMENT ->
          new DeploymentBuilder()
              .withMetadata(metadata)
              .withNewSpec()
              .withTemplate(part)
              .endSpec()
              .build();
      case STATEFUL_SET ->
          new StatefulSetBuilder()
              .withMetadata(metadata)
              .withNewSpec()
              .withTemplate(part)
              .endSpec()
              .build();
      case DAEMON_SET ->
          new DaemonSetBuilder()
              .withMetadata(metadata)
              .withNewSpec()
              .withTemplate(part)
              .endSpec()
              .build();
      case ROLLOUT -> throw new IllegalArgumentException("is not applied");
    };
  }

  /** Writes what the template is to be, and the memory. */
  void undo(LiveWorkload workload, PodTemplate target, Memory memory) {
    HasMetadata undone = patch(workload, changes(workload, target, memory), false);
    disown(workload.id(), LiveWorkloads.claims(undone.getMetadata()));
  }

  /** Of the template, and the marks. */
  private static List<Operation> changes(LiveWorkload workload, PodTemplate target, Memory memory) {
    var all = new ArrayList<Operation>();
    if (workload.id().kind() != WorkloadKind.ROLLOUT) {
      all.add(Operation.replace("/spec/template", Templates.render(workload.raw(), target)));
    } else if (!(workload.strategy() instanceof TemplateElsewhere)) {
      all.addAll(TemplateOperations.of(workload.raw(), target));
    }
    all.addAll(marks(memory));
    return all;
  }

  private static List<Operation> marks(Memory memory) {
    return List.of(
        Operation.add(annotation(), Memories.write(memory)), Operation.add(label(), LABEL_VALUE));
  }

  /** If the object was written meanwhile, it is done with the rest at last. */
  private void disown(WorkloadId id, List<Integer> claims) {
    if (claims.isEmpty()) return;
    try {
      patch(id, disowned(claims), false);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT && e.getCode() != UNPROCESSABLE) throw e;
    }
  }

  /**
   * Writes the memory.
   *
   * @param memory null: there is to be none
   */
  void remember(LiveWorkload workload, @Nullable Memory memory) {
    if (memory != null) {
      patch(workload, marks(memory), false);
      return;
    }
    var operations = new ArrayList<Operation>();
    if (workload.marks().annotation()) operations.add(Operation.remove(annotation()));
    if (workload.marks().label()) operations.add(Operation.remove(label()));
    operations.addAll(disowned(workload.marks().claims()));
    if (!operations.isEmpty()) patch(workload, operations, false);
  }

  /**
   * What was put back, or is left, is its owner's: while it was said to be ours, their next
   * server-side apply of another value would be refused as a conflict.
   */
  private static List<Operation> disowned(List<Integer> claims) {
    var operations = new ArrayList<Operation>();
    for (int at : claims) {
      String entry = "/metadata/managedFields/" + at;
      operations.add(Operation.test(entry + "/manager", MANAGER));
      operations.add(Operation.remove(entry));
    }
    return operations;
  }

  private HasMetadata patch(LiveWorkload workload, List<Operation> operations, boolean onlyTried) {
    var all = new ArrayList<Operation>();
    // Where it is another by now the answer is 409; a test operation would be answered with 422.
    all.add(Operation.replace("/metadata/resourceVersion", workload.resourceVersion()));
    if (!workload.marks().annotations()) all.add(Operation.add("/metadata/annotations", Map.of()));
    if (!workload.marks().labels()) all.add(Operation.add("/metadata/labels", Map.of()));
    all.addAll(operations);
    return patch(workload.id(), all, onlyTried);
  }

  private HasMetadata patch(WorkloadId id, List<Operation> operations, boolean onlyTried) {
    var context =
        new PatchContext.Builder().withPatchType(PatchType.JSON).withFieldManager(MANAGER);
    if (onlyTried) context.withDryRun(List.of("All"));
    return resources.at(id).patch(context.build(), Operation.json(operations));
  }

  private static String annotation() {
    return "/metadata/annotations/" + Operation.escaped(AnnotationKeys.APP_CONFIG);
  }

  private static String label() {
    return "/metadata/labels/" + Operation.escaped(LABEL);
  }
}
