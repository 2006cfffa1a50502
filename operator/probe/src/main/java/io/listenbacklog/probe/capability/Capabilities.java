package io.listenbacklog.probe.capability;

import io.listenbacklog.api.Condition;
import io.listenbacklog.probe.telemetry.LogKeys;
import io.listenbacklog.probe.time.Clocks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the probe can do on this node, and since when that is known. */
public final class Capabilities {
  private static final Logger log = LoggerFactory.getLogger(Capabilities.class);

  /** So many pods are told by name, for a message has its limits. */
  private static final int MOST_NAMED = 5;

  private final Clocks clocks;
  private final Capability births;
  private final Capability relisten;
  private final Capability sysctl;
  private final Capability kernelLog;
  private final Capability visibility;

  /** Null: the clock is right, which is nothing to tell. */
  private @Nullable Condition clock;

  public Capabilities(Clocks clocks) {
    this.clocks = clocks;
    births = new Capability(new CapabilityReport.BirthsNotAsked());
    relisten = new Capability(new CapabilityReport.RelistenNotTried());
    sysctl = new Capability(new CapabilityReport.SysctlNotTried("It has not been tried yet."));
    kernelLog = new Capability(new CapabilityReport.KernelLogNotTried());
    visibility = new Capability(new CapabilityReport.NoPodSeen());
  }

  /** One of them, as it was found last. */
  private final class Capability {
    private CapabilityReport report;
    private Condition condition;

    Capability(CapabilityReport first) {
      report = first;
      condition = first.condition(clocks.now());
    }

    /** Whether that is news. */
    boolean becomes(CapabilityReport now) {
      if (report.equals(now)) return false;
      report = now;
      condition = now.condition(clocks.now());
      return true;
    }
  }

  public List<Condition> all() {
    var all = new ArrayList<Condition>();
    for (var each : List.of(births, relisten, sysctl, kernelLog, visibility)) {
      all.add(each.condition);
    }
    if (clock != null) all.add(clock);
    return all;
  }

  public boolean birthsTold() {
    return births.report instanceof CapabilityReport.BirthsTold;
  }

  public boolean birthsWork() {
    boolean news = births.becomes(new CapabilityReport.BirthsTold());
    if (news) log.atInfo().log("births are told by the kernel");
    return news;
  }

  public boolean birthsFail(String why) {
    boolean news = births.becomes(new CapabilityReport.BirthsNotTold(why));
    if (news) {
      log.atWarn().addKeyValue(LogKeys.WHY, why).log("births are not told, sweeps list everything");
    }
    return news;
  }

  void relistenWorks() {
    relisten.becomes(new CapabilityReport.RelistenPermitted());
  }

  void relistenFails(String why) {
    log.atWarn().addKeyValue(LogKeys.WHY, why).log("backlogs of live listeners cannot be raised");
    relisten.becomes(new CapabilityReport.RelistenRefused(why));
  }

  void sysctlUntried(String why) {
    sysctl.becomes(new CapabilityReport.SysctlNotTried(why));
  }

  public void sysctlWorks() {
    sysctl.becomes(new CapabilityReport.SysctlPermitted());
  }

  void sysctlFails(String why) {
    log.atWarn().addKeyValue(LogKeys.WHY, why).log("somaxconn of pods cannot be raised");
    sysctl.becomes(new CapabilityReport.SysctlRefused(why));
  }

  public void kernelLogWorks() {
    kernelLog.becomes(new CapabilityReport.KernelLogPermitted());
  }

  public void kernelLogFails(String why) {
    if (kernelLog.becomes(new CapabilityReport.KernelLogRefused(why))) {
      log.atWarn().addKeyValue(LogKeys.WHY, why).log("the kernel's log cannot be read");
    }
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
    clock = new CapabilityReport.ClockDiffers(by).condition(clocks.now());
    log.atWarn().addKeyValue(LogKeys.WHY, clock.message()).log("the clock of the node is wrong");
    return true;
  }

  /**
   * Which governed pods cannot be looked into.
   *
   * @param hidden each with the reason
   */
  public void podsSeen(List<String> hidden) {
    int named = Math.min(MOST_NAMED, hidden.size());
    visibility.becomes(
        hidden.isEmpty()
            ? new CapabilityReport.AllPodsSeen()
            : new CapabilityReport.PodsHidden(
                List.copyOf(hidden.subList(0, named)), hidden.size() - named));
  }
}
