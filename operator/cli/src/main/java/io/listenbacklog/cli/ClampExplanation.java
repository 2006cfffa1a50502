package io.listenbacklog.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.policy.event.EventDraft;
import io.listenbacklog.policy.event.EventPlanner;
import io.listenbacklog.policy.event.kind.Explanations;
import io.listenbacklog.policy.resolve.PodResolution;
import io.listenbacklog.policy.resolve.limit.Limits;
import io.listenbacklog.policy.resolve.limit.PodClamps;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the installation's limits cut of what is asked for a pod, in the words of the Event
 * RequirementClamped. The Event itself cannot be used: it expires after an hour, and of many
 * similar pods only some have one. So the pod, its policy and the limits are read, and are taken
 * for what the controller used where they lead to the requirement that it wrote.
 */
final class ClampExplanation {
  private static final Limits NO_LIMITS = new Limits(65535, Limits.Annotations.ENFORCE);
  private static final String NONE = "cut nothing of what is asked for";
  private static final String NOT_KNOWN = "not known what they cut: ";
  private static final EventPlanner EVENTS =
      new EventPlanner(new Explanations(Catalogue.standard()));

  private final KubernetesClient client;
  private @Nullable InstalledLimits installed;

  ClampExplanation(KubernetesClient client) {
    this.client = client;
  }

  /** What was cut of a requirement, that nothing was, or why that is not known: sentences. */
  List<String> of(PodRequirement holding, PodRead read) {
    return switch (read) {
      case PodRead.There(var pod) -> {
        try {
          var asked = PodInputs.read(client, pod, holding.requirement().policy());
          yield of(holding, asked, installed());
        } catch (KubernetesClientException e) {
          yield List.of(NOT_KNOWN + reason(e));
        }
      }
      case PodRead.Gone _ -> List.of(NOT_KNOWN + "the pod is gone by now");
      case PodRead.NotShown(_, var why) -> List.of(NOT_KNOWN + reason(why));
    };
  }

  /** What was cut for a pod for which nothing holds; empty: nothing, as far as is known. */
  List<String> ofAll(PodRead read) {
    if (!(read instanceof PodRead.There(var pod))) return List.of();
    try {
      return ofAll(PodInputs.read(client, pod, null), installed());
    } catch (KubernetesClientException e) {
      return List.of();
    }
  }

  static List<String> of(PodRequirement holding, PodInputs asked, InstalledLimits limits) {
    return switch (limits) {
      case InstalledLimits.Known(Limits known) -> {
        PodResolution within = asked.within(known);
        if (!leadsTo(within, asked, holding)) {
          yield List.of(
              NOT_KNOWN
                  + "the policy, the pod's annotations or the limits are not what they were when"
                  + " the controller wrote this");
        }
        yield within.clamps().isEmpty() ? List.of(NONE) : sentences(asked, within);
      }
      case InstalledLimits.NotKnown(String why) ->
          List.of(
              leadsTo(asked.within(NO_LIMITS), asked, holding)
                  ? NONE
                  : NOT_KNOWN
                      + "what holds is not what is asked for, and the limits cannot be read: "
                      + why);
    };
  }

  static List<String> ofAll(PodInputs asked, InstalledLimits limits) {
    if (!(limits instanceof InstalledLimits.Known(Limits known))) return List.of();
    PodResolution within = asked.within(known);
    return within.requirement() == null ? sentences(asked, within) : List.of();
  }

  private static boolean leadsTo(PodResolution within, PodInputs asked, PodRequirement holding) {
    return asked.pod().uid().equals(holding.pod().uid())
        && holding.requirement().withPods(List.of()).equals(within.requirement());
  }

  private static List<String> sentences(PodInputs asked, PodResolution within) {
    var clamps = new PodClamps(asked.pod().reference(), within.policy(), within.clamps());
    return EVENTS.of(clamps, Instant.now()).stream().map(EventDraft::note).toList();
  }

  /** Read once, however many pods are explained. */
  private InstalledLimits installed() {
    if (installed == null) installed = readInstalled();
    return installed;
  }

  private InstalledLimits readInstalled() {
    try {
      return InstalledLimits.of(
          Refusal.answered(
                  client
                      .apps()
                      .deployments()
                      .inAnyNamespace()
                      .withLabelSelector(InstalledLimits.CONTROLLER)
                      .list())
              .getItems());
    } catch (KubernetesClientException e) {
      return new InstalledLimits.NotKnown(reason(e));
    }
  }

  /** The API server's message, without the client's wrapping. */
  private static String reason(KubernetesClientException refusal) {
    return refusal.getStatus() == null
        ? String.valueOf(refusal.getMessage())
        : refusal.getStatus().getMessage();
  }
}
