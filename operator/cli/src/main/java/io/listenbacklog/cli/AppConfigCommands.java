package io.listenbacklog.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.api.AppConfigStatus;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.api.BacklogPolicySpec;
import io.listenbacklog.api.BacklogPolicyStatus;
import io.listenbacklog.api.ClusterBacklogPolicy;
import io.listenbacklog.api.ClusterBacklogPolicySpec;
import io.listenbacklog.api.Policy;
import io.listenbacklog.api.Remedy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

/** What people do about changes of applications' own configuration. */
final class AppConfigCommands {
  private static final String CLUSTER_POLICY = "cblp/";
  private static final String POLICY = "A BacklogPolicy, or cblp/NAME for a ClusterBacklogPolicy.";

  /** {@code kubectl backlog patch}. */
  @Command(
      name = "patch",
      description = {
        "What a policy's appConfig would change, to be committed where the workload comes from.",
        "Files are shown as their changed lines."
      })
  static final class Patch implements Callable<Integer> {
    @ParentCommand BacklogCommand backlog = new BacklogCommand();

    @Parameters(description = POLICY, paramLabel = "POLICY")
    String policy = "";

    @Option(
        names = {"-o", "--output", "-f", "--format"},
        description = "kustomize (default), helm or json-patch, for kubectl patch --type=json.",
        paramLabel = "FORMAT",
        converter = Format.Converter.class,
        completionCandidates = Format.Spellings.class)
    Format format = Format.KUSTOMIZE;

    /** Who takes the patch. */
    enum Format {
      KUSTOMIZE("kustomize"),
      HELM("helm"),
      JSON_PATCH("json-patch");

      private final String spelling;

      Format(String spelling) {
        this.spelling = spelling;
      }

      /** For a shell to complete. */
      static final class Spellings extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Spellings() {
          for (Format each : values()) add(each.spelling);
        }
      }

      /** As users write them. */
      static final class Converter implements ITypeConverter<Format> {
        @Override
        public Format convert(String text) {
          return Arrays.stream(values())
              .filter(each -> each.spelling.equals(text))
              .findFirst()
              .orElseThrow(
                  () ->
                      new TypeConversionException(
                          "'%s' is none of kustomize, helm, json-patch".formatted(text)));
        }
      }
    }

    /** Of a ClusterBacklogPolicy the namespace stands before. */
    private Map<?, ?> workload(KubernetesClient client, String path) {
      var target = PatchReport.Target.of(path);
      var context =
          new ResourceDefinitionContext.Builder()
              .withGroup(target.isRollout() ? "argoproj.io" : "apps")
              .withVersion(target.isRollout() ? "v1alpha1" : "v1")
              .withKind(target.kind())
              .withPlural(target.kind().toLowerCase(Locale.ROOT) + "s")
              .withNamespaced(true)
              .build();
      var found =
          client
              .genericKubernetesResources(context)
              .inNamespace(target.namespace() == null ? backlog.namespace() : target.namespace())
              .withName(target.name())
              .get();
      return found == null ? Map.of() : found.getAdditionalProperties();
    }

    @Override
    public Integer call() {
      try (var client = backlog.client()) {
        Policy<?> found = resource(client, backlog.namespace(), policy).get();
        if (found == null) return missing(backlog, policy);
        BacklogPolicyStatus status = found.getStatus();
        List<AppConfigStatus> entries =
            status == null
                ? List.of()
                : status.appConfig().stream().filter(each -> each.patch() != null).toList();
        if (entries.isEmpty()) {
          backlog.note("nothing to patch: status.appConfig of %s has no patch".formatted(policy));
          return 0;
        }
        backlog.print(
            switch (format) {
              case KUSTOMIZE -> PatchReport.kustomize(entries);
              case HELM -> PatchReport.helm(entries);
              case JSON_PATCH -> PatchReport.json(entries, each -> workload(client, each));
            });
        return 0;
      }
    }
  }

  /** {@code kubectl backlog pause}. */
  @Command(
      name = "pause",
      description = {
        "Keeps a policy from beginning changes of applications' configuration, and from nothing else.",
        "Raising goes on: mode: Observe ends it, and puts back what was raised."
      })
  static final class Pause implements Callable<Integer> {
    @ParentCommand BacklogCommand backlog = new BacklogCommand();
    @Mixin OutputOptions output = new OutputOptions();

    @Parameters(description = POLICY, paramLabel = "POLICY")
    String policy = "";

    @Override
    public Integer call() {
      return annotate(backlog, output, policy, true);
    }
  }

  /** {@code kubectl backlog resume}. */
  @Command(name = "resume", description = "Lets a paused policy go on.")
  static final class Resume implements Callable<Integer> {
    @ParentCommand BacklogCommand backlog = new BacklogCommand();
    @Mixin OutputOptions output = new OutputOptions();

    @Parameters(description = POLICY, paramLabel = "POLICY")
    String policy = "";

    @Override
    public Integer call() {
      return annotate(backlog, output, policy, false);
    }
  }

  private static int annotate(
      BacklogCommand backlog, OutputOptions output, String policy, boolean paused) {
    try (var client = backlog.client()) {
      var resource = resource(client, backlog.namespace(), policy);
      Policy<?> found = resource.get();
      if (found == null) return missing(backlog, policy);
      resource.patch(
          PatchContext.of(PatchType.JSON_MERGE),
          "{\"metadata\":{\"annotations\":{\"%s\":%s}}}"
              .formatted(AnnotationKeys.PAUSED, paused ? "\"true\"" : "null"));
      backlog.print(
          output.isData()
              ? output.data(state(backlog, policy, paused))
              : paused
                  ? "%s paused: begins no change of applications' configuration; what is raised stays, and raising goes on\n"
                      .formatted(policy)
                  : "%s resumed\n".formatted(policy));
      if (paused && !remedies(found).contains(Remedy.APP_CONFIG)) {
        backlog.note(
            "AppConfig is not among the remedies of %s: for now there is nothing that this holds up; mode: Observe ends the raising, and puts back what was raised"
                .formatted(policy));
      }
      return 0;
    }
  }

  private static List<Remedy> remedies(Policy<?> policy) {
    return switch (policy.getSpec()) {
      case BacklogPolicySpec own -> own.remedies();
      case ClusterBacklogPolicySpec clusterWide -> clusterWide.remedies();
      default -> List.of();
    };
  }

  private static Map<String, Object> state(BacklogCommand backlog, String policy, boolean paused) {
    var state = new LinkedHashMap<String, Object>();
    state.put("apiVersion", "cli.listenbacklog.io/v1alpha1");
    state.put("kind", "PolicyState");
    if (policy.startsWith(CLUSTER_POLICY)) {
      state.put("policyKind", "ClusterBacklogPolicy");
      state.put("policy", policy.substring(CLUSTER_POLICY.length()));
    } else {
      state.put("policyKind", "BacklogPolicy");
      state.put("namespace", backlog.namespace());
      state.put("policy", policy);
    }
    state.put("paused", paused);
    return state;
  }

  private static Resource<? extends Policy<?>> resource(
      KubernetesClient client, String namespace, String policy) {
    return policy.startsWith(CLUSTER_POLICY)
        ? client
            .resources(ClusterBacklogPolicy.class)
            .withName(policy.substring(CLUSTER_POLICY.length()))
        : client.resources(BacklogPolicy.class).inNamespace(namespace).withName(policy);
  }

  private static int missing(BacklogCommand backlog, String policy) {
    backlog.note(
        policy.startsWith(CLUSTER_POLICY)
            ? "there is no ClusterBacklogPolicy " + policy.substring(CLUSTER_POLICY.length())
            : "there is no BacklogPolicy %s in namespace %s"
                .formatted(policy, backlog.namespace()));
    return 1;
  }

  private AppConfigCommands() {}
}
