package io.listenbacklog.probe.capability;

import io.listenbacklog.api.Condition;
import io.listenbacklog.probe.state.NamespaceSysctl;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What is found of one capability of the probe, each case with what people read of it. */
sealed interface CapabilityReport {

  /** Nothing asked the kernel yet whether it tells of births. */
  record BirthsNotAsked() implements CapabilityReport {}

  record BirthsTold() implements CapabilityReport {}

  record BirthsNotTold(String why) implements CapabilityReport {}

  record RelistenNotTried() implements CapabilityReport {}

  record RelistenPermitted() implements CapabilityReport {}

  record RelistenRefused(String why) implements CapabilityReport {}

  record SysctlNotTried(String why) implements CapabilityReport {}

  record SysctlPermitted() implements CapabilityReport {}

  record SysctlRefused(String why) implements CapabilityReport {}

  record KernelLogNotTried() implements CapabilityReport {}

  record KernelLogPermitted() implements CapabilityReport {}

  record KernelLogRefused(String why) implements CapabilityReport {}

  record NoPodSeen() implements CapabilityReport {}

  record AllPodsSeen() implements CapabilityReport {}

  /**
   * Governed pods whose listeners cannot be seen.
   *
   * @param named each with the reason
   * @param more how many there are besides
   */
  record PodsHidden(List<String> named, int more) implements CapabilityReport {}

  /**
   * The clock of the node is not the API server's.
   *
   * @param behind by how much; negative: it is ahead
   */
  record ClockDiffers(Duration behind) implements CapabilityReport {}

  /** As a status has it, in whole seconds. */
  default Condition condition(Instant since) {
    var said = words();
    return new Condition(
        said.type,
        said.status,
        null,
        since.truncatedTo(ChronoUnit.SECONDS),
        said.reason,
        said.message);
  }

  /** The parts of a condition. */
  record Words(String type, String status, String reason, String message) {}

  private Words words() {
    return switch (this) {
      case BirthsNotAsked() -> births("Unknown", "Starting", "The kernel has not been asked yet.");
      case BirthsTold() ->
          births("True", "Told", "The kernel tells of each new listener at once (tracefs).");
      case BirthsNotTold(String why) ->
          births(
              "False",
              "NotTold",
              "New listeners are found by sweeps alone, for the kernel does not tell of them: "
                  + why);
      case RelistenNotTried() -> relisten("Unknown", "NotTried", "It has not been tried yet.");
      case RelistenPermitted() ->
          relisten("True", "Permitted", "Backlogs of live listeners can be raised (pidfd_getfd).");
      case RelistenRefused(String why) ->
          relisten("False", "Refused", "Backlogs of live listeners cannot be raised: " + why);
      case SysctlNotTried(String why) -> sysctl("Unknown", "NotTried", why);
      case SysctlPermitted() ->
          sysctl(
              "True",
              "Permitted",
              NamespaceSysctl.SOMAXCONN.key + " of other network namespaces can be raised.");
      case SysctlRefused(String why) ->
          sysctl(
              "False",
              "Refused",
              NamespaceSysctl.SOMAXCONN.key
                  + " of other network namespaces cannot be raised: "
                  + why);
      case KernelLogNotTried() -> kernelLog("Unknown", "NotTried", "It has not been tried yet.");
      case KernelLogPermitted() ->
          kernelLog("True", "Permitted", "The kernel's log is read for SYN floods.");
      case KernelLogRefused(String why) ->
          kernelLog(
              "False",
              "Refused",
              "SYN floods are told by counters alone, and perhaps not of which listener, for the"
                  + " kernel's log cannot be read: "
                  + why);
      case NoPodSeen() -> visibility("Unknown", "NotTried", "No pod was looked into yet.");
      case AllPodsSeen() -> visibility("True", "AllPods", "Every governed pod can be looked into.");
      case PodsHidden(var named, int more) ->
          visibility(
              "False",
              "PodsHidden",
              "Governed, but their listeners cannot be seen: "
                  + String.join("; ", named)
                  + (more > 0 ? "; and %d more".formatted(more) : ""));
      case ClockDiffers(var behind) ->
          new Words(
              "Clock",
              "False",
              "Differs",
              "The clock of the node is %d s %s that of the API server. What is told has the latter's time."
                  .formatted(
                      behind.abs().toSeconds(), behind.isNegative() ? "ahead of" : "behind"));
    };
  }

  private static Words births(String status, String reason, String message) {
    return new Words("Births", status, reason, message);
  }

  private static Words relisten(String status, String reason, String message) {
    return new Words("Relisten", status, reason, message);
  }

  private static Words sysctl(String status, String reason, String message) {
    return new Words("Sysctl", status, reason, message);
  }

  private static Words kernelLog(String status, String reason, String message) {
    return new Words("KernelLog", status, reason, message);
  }

  private static Words visibility(String status, String reason, String message) {
    return new Words("Visibility", status, reason, message);
  }
}
