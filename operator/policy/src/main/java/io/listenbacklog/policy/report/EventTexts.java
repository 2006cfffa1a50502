package io.listenbacklog.policy.report;

import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.api.AppliedRemedy;
import io.listenbacklog.api.Hindrance;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodeSysctl;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.Restoration;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.policy.catalogue.Catalogue;
import io.listenbacklog.policy.resolve.AnnotationProblem;
import io.listenbacklog.policy.resolve.Clamp;
import io.listenbacklog.policy.resolve.PodClamps;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The text of every Event: what is, which numbers show it, what to do. Each is one line of at most
 * 1 KiB, clean of what strangers wrote.
 */
public final class EventTexts {
  /** What the API server takes as an Event's note, in bytes. */
  private static final int LONGEST = 1024;

  /** What a name or a value from a stranger may take up of it. */
  private static final int LONGEST_NAME = 128;

  private static final int LONGEST_MESSAGE = 512;

  private final Catalogue catalogue;

  public EventTexts(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** BacklogTooSmall. */
  String tooSmall(NodeListener listener) {
    return text(
        "%s has a backlog of %d; %s for %d. %s"
            .formatted(
                name(listener),
                listener.backlog(),
                asks(listener.policy()),
                listener.required(),
                cause(listener)));
  }

  /** BacklogRaised. */
  String raised(NodeListener listener, AppliedRemedy remedy) {
    String why =
        listener.required() == 0
            ? "nothing asks for it any more"
            : asks(listener.policy()) + " for " + listener.required();
    return text(
        "%s has a backlog of %d now, raised from %d in the running process; %s.%s"
            .formatted(
                name(listener),
                remedy.applied(),
                remedy.original(),
                why,
                advice(listener).map(" To have it from the start: "::concat).orElse("")));
  }

  /** SomaxconnRaised. */
  String raised(NodeSysctl sysctl, AppliedRemedy remedy) {
    String why =
        sysctl.required() == 0
            ? "nothing asks for it any more"
            : asks(sysctl.policy()) + " for " + sysctl.required();
    return text(
        "%s of the pod's network namespace is %d now, raised from %d; %s. Whoever calls listen() from now on can get"
                .formatted(name(sysctl), remedy.applied(), remedy.original(), why)
            + " as much.");
  }

  /** BacklogContested. */
  String contested(NodeListener listener, Hindrance hindrance) {
    return text(notRaised(listener, hindrance) + " " + cause(listener));
  }

  /** RemedyUnavailable, of a listener. */
  String hindered(NodeListener listener, Hindrance hindrance) {
    return text(notRaised(listener, hindrance));
  }

  private static String notRaised(NodeListener listener, Hindrance hindrance) {
    return "%s has a backlog of %d; %s for %d, but it is not raised: %s."
        .formatted(
            name(listener),
            listener.backlog(),
            asks(listener.policy()),
            listener.required(),
            message(hindrance));
  }

  /** RemedyUnavailable, of a sysctl. */
  String hindered(NodeSysctl sysctl, Hindrance hindrance) {
    return text(
        "%s of the pod's network namespace is %d; %s for %d, but it is not raised: %s."
            .formatted(
                name(sysctl),
                sysctl.value(),
                asks(sysctl.policy()),
                sysctl.required(),
                message(hindrance)));
  }

  /** BacklogRestored. */
  String restored(Restoration restoration) {
    boolean ofSysctl = restoration.what().startsWith("net.");
    String what = CleanText.of(restoration.what(), LONGEST_NAME);
    return text(
        ofSysctl
            ? "%s of the pod's network namespace is %d again, as it was before it was raised to %d: nothing in mode Enforce asks for more."
                .formatted(what, restoration.to(), restoration.from())
            : "Listener %s%s has its own backlog of %d again, after the %d that it was raised to: nothing in mode Enforce asks for more."
                .formatted(
                    what,
                    container(restoration.container()),
                    restoration.to(),
                    restoration.from()));
  }

  /** AnnotationInvalid. */
  String invalid(AnnotationProblem problem) {
    return text(
        "Annotation %s: \"%s\" %s. It is ignored, and all else holds."
            .formatted(
                CleanText.of(problem.key(), LONGEST_NAME),
                CleanText.of(problem.value(), LONGEST_NAME),
                problem.problem()));
  }

  /**
   * RequirementClamped.
   *
   * @param clamps all of the policy, or all of the pod's annotations
   */
  String clamped(PodClamps pod, List<Clamp> clamps) {
    if (clamps.contains(new Clamp.AllAnnotations())) {
      return "The annotations of the pod under %s do not count: this installation has %s."
          .formatted(AnnotationKeys.PREFIX, ClampTexts.limits(clamps));
    }
    String asks =
        clamps.getFirst().by() == Clamp.Asker.POLICY
            ? sentence(asks(pod.policy()))
            : "Annotations of the pod ask";
    return text(
        "%s for more than this installation allows (%s): %s. All else holds as asked."
            .formatted(asks, ClampTexts.limits(clamps), ClampTexts.cuts(clamps)));
  }

  /** Why a listener has less than it needs, and what to do about it: one or two sentences. */
  String cause(NodeListener listener) {
    if (listener.backlog() == 0) {
      return "The application asked for 0, which turns connections away on purpose (memcached does so at its connection"
          + " limit): that is left as it is.";
    }
    if (listener.verdict() == Verdict.UNDERSIZED_BY_SOMAXCONN) {
      return "net.core.somaxconn of its network namespace is %d and caps it, whatever the application asks for: the remedy Sysctl raises it in mode Enforce."
          .formatted(listener.somaxconn());
    }
    return "The application asked for %d (net.core.somaxconn is %d): %s"
        .formatted(
            listener.requested(),
            listener.somaxconn(),
            advice(listener).orElse("set a larger backlog where it calls listen()."));
  }

  private Optional<String> advice(NodeListener listener) {
    return Optional.ofNullable(listener.application()).flatMap(catalogue::advice);
  }

  private static String name(NodeListener listener) {
    String process = CleanText.of(listener.process(), LONGEST_NAME);
    return "Listener "
        + CleanText.of(listener.address(), LONGEST_NAME)
        + container(listener.container())
        + (process.isEmpty() ? "" : " (%s, pid %d)".formatted(process, listener.pid()));
  }

  private static String container(String container) {
    return container.isEmpty() ? "" : " of container " + CleanText.of(container, LONGEST_NAME);
  }

  private static String name(NodeSysctl sysctl) {
    return CleanText.of(sysctl.name(), LONGEST_NAME);
  }

  private static String sentence(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  private static String asks(@Nullable PolicyReference policy) {
    if (policy == null) return "the pod's annotations ask";
    return (policy.namespace() == null ? "cluster policy " : "policy ")
        + CleanText.of(policy.name(), LONGEST_NAME)
        + " asks";
  }

  private static String message(Hindrance hindrance) {
    String message = CleanText.of(hindrance.message(), LONGEST_MESSAGE);
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }

  private static String text(String sentence) {
    return CleanText.cut(sentence, LONGEST);
  }
}
