package io.listenbacklog.policy.status;

import static io.listenbacklog.policy.status.ConditionTexts.Said.no;
import static io.listenbacklog.policy.status.ConditionTexts.Said.unknown;
import static io.listenbacklog.policy.status.ConditionTexts.Said.yes;

import io.listenbacklog.api.ConditionReasons;
import io.listenbacklog.api.ListenerCounts;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.policy.resolve.PolicyCoverage;
import io.listenbacklog.policy.resolve.PolicyFacts;
import io.listenbacklog.policy.text.ClampTexts;
import io.listenbacklog.policy.text.CleanText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The status, reason and message of every condition of a policy. */
final class ConditionTexts {
  /** How many names a message lists before it only counts. */
  private static final int MOST_NAMES = 5;

  /**
   * What a condition says.
   *
   * @param status "True", "False" or "Unknown"
   */
  record Said(String status, String reason, String message) {
    boolean isTrue() {
      return status.equals("True");
    }

    static Said yes(String reason, String message) {
      return new Said("True", reason, message);
    }

    static Said no(String reason, String message) {
      return new Said("False", reason, message);
    }

    static Said unknown(String reason, String message) {
      return new Said("Unknown", reason, message);
    }
  }

  // Accepted

  static Said selectorInvalid(List<String> problems) {
    String what = problems.stream().map(ConditionTexts::clean).collect(Collectors.joining("; "));
    return no(ConditionReasons.SELECTOR_INVALID, what + ". The policy selects no pod.");
  }

  static Said tooManyPolicies() {
    return no(
        ConditionReasons.TOO_MANY_POLICIES,
        "Its namespace has more than %d policies, of which the oldest hold. This one is as if it were not there."
            .formatted(PolicyFacts.MOST_OF_A_NAMESPACE));
  }

  static Said selectsNothing() {
    return no(
        ConditionReasons.NO_PODS, "No pod that is scheduled to a node matches the selectors.");
  }

  static Said overshadowed(PolicyCoverage governance) {
    return no(
        ConditionReasons.OVERSHADOWED,
        "Governs none of the pods it selects (%d): %s."
            .formatted(governance.selected(), governedByOthers(governance)));
  }

  static Said portNameUnknown(List<String> names, PolicyCoverage governance) {
    return no(
        ConditionReasons.PORT_NAME_UNKNOWN,
        "No container of the pods it governs (%d) has a TCP port named %s: %s. All else holds."
            .formatted(
                governance.governed(),
                listed(names),
                names.size() == 1 ? "that rule does nothing" : "those rules do nothing"));
  }

  static Said governing(PolicyCoverage governance, int nodes) {
    String what = "Governs %s on %s".formatted(pods(governance.governed()), counted(nodes, "node"));
    String others =
        governance.overshadowedBy().isEmpty() ? "" : "; " + governedByOthers(governance);
    return yes(ConditionReasons.GOVERNING, what + others + ".");
  }

  static Said governingButAskingNothing(PolicyCoverage governance, int nodes) {
    Said governing = governing(governance, nodes);
    return yes(
        governing.reason(),
        governing.message()
            + " It asks for nothing: minimum, maximum, ports and sysctls are all absent. Only symptoms count.");
  }

  /** The message, with what the limits of the installation cut. */
  static Said clamped(Said said, PolicyCoverage governance) {
    var message = new StringBuilder(said.message());
    if (!governance.clamps().isEmpty()) {
      message.append(
          " It asks for more than this installation allows (%s): %s."
              .formatted(
                  ClampTexts.limits(governance.clamps()), ClampTexts.cuts(governance.clamps())));
    }
    if (governance.podsCut() > 0) {
      message.append(
          " Annotations of %s go beyond what this installation allows: see RequirementClamped there."
              .formatted(pods(governance.podsCut())));
    }
    return new Said(
        said.status(),
        said.isTrue() ? ConditionReasons.CLAMPED : said.reason(),
        message.toString());
  }

  // Observed

  static Said nothingToObserve() {
    return unknown(ConditionReasons.NO_PODS, "It governs no pod.");
  }

  static Said probeNotReady(Collection<String> nodes, int podsThere, int allPods) {
    return no(
        ConditionReasons.PROBE_NOT_READY,
        "No ready probe on %s %s. Not observed: %d of %s."
            .formatted(
                nodes.size() == 1 ? "node" : "nodes", listed(nodes), podsThere, pods(allPods)));
  }

  static Said podsUnobservable(int unobservable, int allPods) {
    return no(
        ConditionReasons.PODS_UNOBSERVABLE,
        "The listeners of %d of %s cannot be seen on their nodes: see the capabilities in the NodeBacklogs."
            .formatted(unobservable, pods(allPods)));
  }

  /** They are among those that cannot be seen, and the reason is known. */
  static Said podsLeftOut(int leftOut, int allPods) {
    return no(
        ConditionReasons.PODS_UNOBSERVABLE,
        "%d of %s %s no room in the NodeBacklogs of their nodes: see RequirementClamped there."
            .formatted(leftOut, pods(allPods), leftOut == 1 ? "has" : "have"));
  }

  /** Also where a pod has only just started: then its probe is about to see it. */
  static Said podsUnseen(Collection<String> nodes, int unseen, int allPods) {
    return unknown(
        ConditionReasons.PODS_UNOBSERVABLE,
        "%d of %s %s ready, yet the %s %s no process of %s."
            .formatted(
                unseen,
                pods(allPods),
                unseen == 1 ? "is" : "are",
                nodes.size() == 1
                    ? "probe of node " + listed(nodes)
                    : "probes of nodes " + listed(nodes),
                nodes.size() == 1 ? "sees" : "see",
                unseen == 1 ? "it" : "them"));
  }

  static Said probePending(Collection<String> nodes) {
    return unknown(
        ConditionReasons.PROBE_PENDING,
        "The %s %s not yet taken up what holds now."
            .formatted(
                nodes.size() == 1
                    ? "probe of node " + listed(nodes)
                    : "probes of nodes " + listed(nodes),
                nodes.size() == 1 ? "has" : "have"));
  }

  static Said observed(int pods, int nodes) {
    return yes(
        ConditionReasons.ALL_PODS_OBSERVED,
        "Ready probes see every pod it governs (%s on %s)."
            .formatted(pods(pods), counted(nodes, "node")));
  }

  // Compliant

  static Said notObserved(String observedReason) {
    return unknown(ConditionReasons.NOT_OBSERVED, notAll(observedReason));
  }

  private static String notAll(String observedReason) {
    return "Not all pods are observed (%s).".formatted(observedReason);
  }

  static Said noListeners(int pods) {
    return unknown(
        ConditionReasons.NO_LISTENERS,
        "None of the pods it governs (%d) has a listener.".formatted(pods));
  }

  /**
   * Where not all is observed it says so, too.
   *
   * @param counts of the pods that are seen
   * @param observed the condition Observed
   */
  static Said undersized(ListenerCounts counts, Optional<NodeListener> widestGap, Said observed) {
    String example =
        widestGap
            .map(
                listener ->
                    " The widest gap: %s has %d of %d."
                        .formatted(place(listener), listener.backlog(), listener.required()))
            .orElse("");
    return no(
        ConditionReasons.LISTENERS_UNDERSIZED,
        "%d of %s %s less than required."
                .formatted(
                    counts.undersized(),
                    counted(counts.total(), "listener"),
                    counts.undersized() == 1 ? "has" : "have")
            + example
            + (observed.isTrue() ? "" : " " + notAll(observed.reason())));
  }

  static Said compliant(ListenerCounts counts) {
    String raised = counts.remedied() == 0 ? "" : "; %d raised".formatted(counts.remedied());
    String exempt = counts.exempt() == 0 ? "" : "; %d exempt".formatted(counts.exempt());
    return yes(
        ConditionReasons.ALL_SUFFICIENT,
        "%s, none below its requirement%s%s."
            .formatted(counted(counts.total(), "listener"), raised, exempt));
  }

  // Healthy

  static Said unhealthy(ListenerCounts counts, Optional<NodeListener> sickest) {
    var what = new ArrayList<String>();
    if (counts.stalled() > 0) what.add(counts.stalled() + " stopped accepting");
    if (counts.overflowing() > 0) what.add(counts.overflowing() + " dropped connection attempts");
    if (counts.flooded() > 0) what.add(counts.flooded() + " overflowed with SYNs");
    String reason =
        counts.stalled() > 0
            ? ConditionReasons.STALLED
            : counts.overflowing() > 0 ? ConditionReasons.OVERFLOWING : ConditionReasons.FLOODED;
    return no(
        reason,
        "Of %s in the last five minutes: %s."
                .formatted(counted(counts.total(), "listener"), String.join(", ", what))
            + sickest.map(listener -> " The worst: " + place(listener) + ".").orElse(""));
  }

  static Said healthy(ListenerCounts counts) {
    return yes(
        ConditionReasons.NO_SYMPTOMS,
        "%s, and no overflow, stall or SYN flood in the last five minutes."
            .formatted(counted(counts.total(), "listener")));
  }

  private static String place(NodeListener listener) {
    return "%s in %s".formatted(clean(listener.address()), WorstListeners.pod(listener));
  }

  private static String governedByOthers(PolicyCoverage governance) {
    List<String> others =
        governance.overshadowedBy().entrySet().stream()
            .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
            .map(other -> "%s governs %d".formatted(other.getKey(), other.getValue()))
            .toList();
    return listed(others);
  }

  private static String listed(Collection<String> names) {
    String first =
        names.stream()
            .limit(MOST_NAMES)
            .map(ConditionTexts::clean)
            .collect(Collectors.joining(", "));
    return names.size() <= MOST_NAMES
        ? first
        : "%s and %d more".formatted(first, names.size() - MOST_NAMES);
  }

  private static String pods(int count) {
    return counted(count, "pod");
  }

  private static String counted(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  private static String clean(String text) {
    return CleanText.of(text, 512);
  }

  private ConditionTexts() {}
}
