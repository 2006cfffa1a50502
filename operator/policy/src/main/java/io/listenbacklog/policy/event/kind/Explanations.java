package io.listenbacklog.policy.event.kind;

import static io.listenbacklog.policy.text.Phrases.second;

import io.listenbacklog.api.Growth;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.Stall;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.catalogue.Catalogue;
import java.util.ArrayList;
import java.util.Optional;
import java.util.regex.Pattern;

/** Why a listener is as it is, what it needs, and where its application sets it. */
public final class Explanations {
  /**
   * Appended where the listener may be that of an agent or a plugin in the application's process.
   */
  private static final String NEITHER_NUMBER_NOR_PORT =
      "neither number nor port is the usual one of its program, so it is perhaps an agent's or a"
          + " plugin's listener (metrics, debugging), which has a setting of its own or none.";

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private final Catalogue catalogue;
  private final Site site;

  /** In the words of a cluster, where policies are. */
  public Explanations(Catalogue catalogue) {
    this(catalogue, Site.CLUSTER);
  }

  private Explanations(Catalogue catalogue, Site site) {
    this.catalogue = catalogue;
    this.site = site;
  }

  /** In the words of a plain host, where there are neither pods nor policies. */
  public static Explanations ofHost(Catalogue catalogue) {
    return new Explanations(catalogue, Site.HOST);
  }

  /** In whose words. */
  public Site site() {
    return site;
  }

  /** What it needs, and by which policy: half a sentence. */
  static String need(NodeListener listener, RequirementSource source) {
    Growth growth = listener.growth();
    return growth != null && listener.required() > growth.from()
        ? "by its overflows it needs %d, which %s allows"
            .formatted(listener.required(), source.policyName())
        : "%s for %d".formatted(source.asks(), listener.required());
  }

  /**
   * What is wrong with a listener, without numbers that change all the time: one line, as a
   * policy's status has it.
   */
  public String why(NodeListener listener) {
    return EventKind.note(symptomsAndCause(listener));
  }

  private String symptomsAndCause(NodeListener listener) {
    var why = new ArrayList<String>();
    Stall stall = listener.stall();
    if (stall != null) {
      why.add(
          stall.until() == null
              ? "It has accepted nothing since %s.".formatted(second(stall.since()))
              : "It accepted nothing from %s to %s."
                  .formatted(second(stall.since()), second(stall.until())));
    }
    if (listener.overflow() != null) {
      // The kernel counts nothing of a UNIX listener, so no more is said than was seen.
      why.add(
          (ListenerNames.isUnix(listener)
                  ? "Its queue was seen full from %s on: who connects then waits, or gets EAGAIN."
                  : "It dropped connection attempts from %s on, for its queue was full.")
              .formatted(second(listener.overflow().since())));
    }
    if (listener.synFlood() != null) {
      why.add(
          "Its SYN queue overflowed from %s on.".formatted(second(listener.synFlood().since())));
    }
    if (listener.verdict().undersized()) why.add(cause(listener));
    return String.join(" ", why);
  }

  /** Whether its application accepts no connections now, on purpose. */
  static boolean isClosed(NodeListener listener) {
    String application = listener.application();
    return listener.backlog() == 0
        && (listener.requested() > 0
            || (application != null && Catalogue.closesItsDoor(application)));
  }

  /** Why a listener has less than it needs, and what to do about it: one or two sentences. */
  String cause(NodeListener listener) {
    if (listener.stall() != null && listener.stall().inheritedFrom() != null) {
      return "What holds it is no server: it inherited the socket (AcceptStalled says from whom),"
          + " and no setting of its own changes it.";
    }
    if (isClosed(listener)) {
      return "The application asked for 0, which turns connections away on purpose (memcached does"
          + " so at its connection limit): that is left as it is.";
    }
    if (listener.backlog() == 0) {
      return "The application asked for 0, which Linux takes as room for one connection, not as a default; it was 0 from the start: %s"
          .formatted(advice(listener).orElse("set a larger backlog where it calls listen()."));
    }
    if (listener.verdict() == Verdict.UNDERSIZED_BY_SOMAXCONN) {
      return site == Site.HOST ? cappedOnHost(listener) : cappedBy(listener);
    }
    Integer then = listener.somaxconnAtListen();
    return then == null ? perhapsCapped(listener) : askedFor(listener, then);
  }

  private static String cappedOnHost(NodeListener listener) {
    return ("net.core.somaxconn of its network namespace is %d and caps it, whatever the application"
            + " asks for: raise it there with sysctl (a container's by its runtime's option), then"
            + " restart the application, for no listener that is there changes by it.")
        .formatted(listener.somaxconn());
  }

  private static String cappedBy(NodeListener listener) {
    Integer then = listener.somaxconnAtListen();
    int now = listener.somaxconn();
    if (then == null || then != listener.requested() || now <= then) {
      return "net.core.somaxconn of its network namespace is %d and caps it, whatever the application asks for: the remedy Sysctl raises it in mode Enforce."
          .formatted(now);
    }
    return "net.core.somaxconn of its network namespace was %d when it began to listen and capped it, whatever the application asked for; it is %d now, which counts when the application listens again, as after a restart: %s in mode Enforce."
        .formatted(
            then,
            now,
            now < listener.required()
                ? "that is less than it needs too, and the remedy Sysctl raises it"
                : "the remedy Relisten raises it without one");
  }

  /** Known, because it was below somaxconn. */
  private String askedFor(NodeListener listener, int somaxconn) {
    return "The application asked for %d (net.core.somaxconn %s): %s"
        .formatted(
            listener.requested(),
            somaxconn == listener.somaxconn() ? "is " + somaxconn : "was " + somaxconn + " then",
            adviceOrElse(listener));
  }

  /**
   * What somaxconn was when it began to listen is not known: one with exactly its application's
   * number asked for it; one with less, or with a number that somaxconn often is, may have been
   * clamped.
   */
  private String perhapsCapped(NodeListener listener) {
    int had = listener.requested();
    int now = listener.somaxconn();
    var usual = usualNumber(listener);
    if (usual.isPresent() && usual.get() == had) return askedFor(listener, now);
    if (usual.isPresent()
        && usual.get() > had
        && (isCustomaryCap(had) || !isPerhapsAnothers(listener))) {
      return "It has %d, less than its application asks for by itself (%d): either it was told so, or net.core.somaxconn was %d when it began to listen, which is not known; it is %d now, which counts from its next start. %s"
          .formatted(had, usual.get(), had, now, adviceAsSentence(listener));
    }
    if (isCustomaryCap(had)) {
      return "It has %d: either its application asked for that, or net.core.somaxconn was %d when it began to listen, which is not known; it is %d now, which counts from its next start. %s"
          .formatted(had, had, now, adviceAsSentence(listener));
    }
    return "The application asked for %d (net.core.somaxconn is %d now; what it was when it began to listen is not known): %s"
        .formatted(had, now, adviceOrElse(listener));
  }

  private String adviceOrElse(NodeListener listener) {
    return advice(listener).orElse("set a larger backlog where it calls listen().");
  }

  private String adviceAsSentence(NodeListener listener) {
    return advice(listener).orElse("Set a larger backlog where it calls listen().");
  }

  /** Linux up to 5.3, a customary choice, Linux since 5.4. */
  private static boolean isCustomaryCap(int backlog) {
    return backlog == 128 || backlog == 1024 || backlog == 4096;
  }

  /** What its application asks for by default, where that is one number. */
  private Optional<Integer> usualNumber(NodeListener listener) {
    return Optional.ofNullable(listener.application())
        .flatMap(catalogue::usual)
        .filter(usual -> NUMBER.matcher(usual).matches())
        .map(Integer::valueOf);
  }

  private boolean isPerhapsAnothers(NodeListener listener) {
    String key = listener.application();
    int port = ListenerNames.port(listener.address());
    return key != null && port > 0 && catalogue.isPerhapsAnothers(key, listener.requested(), port);
  }

  /** Where to set it in its application: a sentence; empty where that is not known. */
  public Optional<String> advice(NodeListener listener) {
    String key = listener.application();
    if (key == null) return Optional.empty();
    var advice = site == Site.HOST ? catalogue.adviceOnHost(key) : catalogue.advice(key);
    return isPerhapsAnothers(listener)
        ? advice.map((NEITHER_NUMBER_NOR_PORT + " Otherwise: ")::concat)
        : advice;
  }
}
