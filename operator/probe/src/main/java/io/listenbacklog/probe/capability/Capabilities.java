package io.listenbacklog.probe.capability;

import io.listenbacklog.api.Condition;
import io.listenbacklog.probe.state.NamespaceSysctl;
import io.listenbacklog.probe.telemetry.LogKeys;
import io.listenbacklog.probe.time.Clocks;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the probe can do on this node, and why not, as conditions. */
public final class Capabilities {
  private static final Logger log = LoggerFactory.getLogger(Capabilities.class);

  /** So many pods are told by name, for a message has its limits. */
  private static final int MOST_NAMED = 5;

  private final Clocks clocks;
  private Condition births;
  private Condition relisten;
  private Condition sysctl;
  private Condition kernelLog;
  private Condition visibility;

  /** Null: the clock is right, which is nothing to tell. */
  private @Nullable Condition clock;

  public Capabilities(Clocks clocks) {
    this.clocks = clocks;
    births = condition("Births", "Unknown", "Starting", "The kernel has not been asked yet.");
    relisten = condition("Relisten", "Unknown", "NotTried", "It has not been tried yet.");
    sysctl = condition("Sysctl", "Unknown", "NotTried", "It has not been tried yet.");
    kernelLog = condition("KernelLog", "Unknown", "NotTried", "It has not been tried yet.");
    visibility = condition("Visibility", "Unknown", "NotTried", "No pod was looked into yet.");
  }

  public List<Condition> all() {
    var usual = List.of(births, relisten, sysctl, kernelLog, visibility);
    if (clock == null) return usual;
    var all = new ArrayList<>(usual);
    all.add(clock);
    return all;
  }

  public boolean birthsTold() {
    return births.status().equals("True");
  }

  public boolean birthsWork() {
    if (birthsTold()) return false;
    log.atInfo().log("births are told by the kernel");
    births =
        condition(
            "Births", "True", "Told", "The kernel tells of each new listener at once (tracefs).");
    return true;
  }

  public boolean birthsFail(String why) {
    String message =
        "New listeners are found by sweeps alone, for the kernel does not tell of them: " + why;
    if (births.message().equals(message)) return false;
    log.atWarn().addKeyValue(LogKeys.WHY, why).log("births are not told, sweeps list everything");
    births = condition("Births", "False", "NotTold", message);
    return true;
  }

  void relistenWorks() {
    relisten =
        condition(
            "Relisten",
            "True",
            "Permitted",
            "Backlogs of live listeners can be raised (pidfd_getfd).");
  }

  void relistenFails(String why) {
    log.atWarn().addKeyValue(LogKeys.WHY, why).log("backlogs of live listeners cannot be raised");
    relisten =
        condition(
            "Relisten", "False", "Refused", "Backlogs of live listeners cannot be raised: " + why);
  }

  void sysctlUntried(String why) {
    sysctl = condition("Sysctl", "Unknown", "NotTried", why);
  }

  public void sysctlWorks() {
    if (sysctl.status().equals("True")) return;
    sysctl =
        condition(
            "Sysctl",
            "True",
            "Permitted",
            NamespaceSysctl.SOMAXCONN.key + " of pods can be raised.");
  }

  void sysctlFails(String why) {
    log.atWarn().addKeyValue(LogKeys.WHY, why).log("somaxconn of pods cannot be raised");
    sysctl =
        condition(
            "Sysctl",
            "False",
            "Refused",
            NamespaceSysctl.SOMAXCONN.key + " of pods cannot be raised: " + why);
  }

  public void kernelLogWorks() {
    if (kernelLog.status().equals("True")) return;
    kernelLog =
        condition("KernelLog", "True", "Permitted", "The kernel's log is read for SYN floods.");
  }

  public void kernelLogFails(String why) {
    String message =
        "SYN floods are told by counters alone, and perhaps not of which listener, for the"
            + " kernel's log cannot be read: "
            + why;
    if (kernelLog.message().equals(message)) return;
    log.atWarn().addKeyValue(LogKeys.WHY, why).log("the kernel's log cannot be read");
    kernelLog = condition("KernelLog", "False", "Refused", message);
  }

  /**
   * How far the clock of the node is behind the API server's.
   *
   * @return whether that is news
   */
  public boolean clockIsBehind(Duration by) {
    if (by.isZero()) {
      boolean was = clock != null;
      clock = null;
      if (was) log.atInfo().log("the clock of the node is right again");
      return was;
    }
    String message =
        "The clock of the node is %d s %s that of the API server. What is told has the latter's time."
            .formatted(by.abs().toSeconds(), by.isNegative() ? "ahead of" : "behind");
    log.atWarn().addKeyValue(LogKeys.WHY, message).log("the clock of the node is wrong");
    clock = condition("Clock", "False", "Differs", message);
    return true;
  }

  /**
   * Which governed pods cannot be looked into.
   *
   * @param hidden each with the reason
   */
  public void podsSeen(List<String> hidden) {
    String message = "Every governed pod can be looked into.";
    if (!hidden.isEmpty()) {
      String more =
          hidden.size() > MOST_NAMED ? "; and %d more".formatted(hidden.size() - MOST_NAMED) : "";
      message =
          "Governed pods whose listeners cannot be seen: "
              + String.join("; ", hidden.subList(0, Math.min(MOST_NAMED, hidden.size())))
              + more;
    }
    if (visibility.message().equals(message)) return;
    visibility =
        hidden.isEmpty()
            ? condition("Visibility", "True", "AllPods", message)
            : condition("Visibility", "False", "PodsHidden", message);
  }

  private Condition condition(String type, String status, String reason, String message) {
    return new Condition(
        type, status, null, clocks.now().truncatedTo(ChronoUnit.SECONDS), reason, message);
  }
}
