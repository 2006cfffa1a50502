package io.listenbacklog.policy.event.kind;

import io.listenbacklog.api.AppliedRemedy;
import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.NodeSysctl;
import io.listenbacklog.api.SysctlNames;
import io.listenbacklog.policy.text.CleanText;

/** Normal: a sysctl of the pod's network namespace was raised and read back. */
public record SomaxconnRaised() implements EventKind {

  @Override
  public String reason() {
    return EventReasons.SOMAXCONN_RAISED;
  }

  @Override
  public EventType type() {
    return EventType.NORMAL;
  }

  @Override
  public String action() {
    return "Sysctl";
  }

  public String note(NodeSysctl sysctl, AppliedRemedy remedy, RequirementSource source) {
    String why =
        sysctl.required() == 0
            ? "nothing asks for it any more"
            : source.asks() + " for " + sysctl.required();
    String effect =
        sysctl.name().equals(SysctlNames.TCP_MAX_SYN_BACKLOG)
            ? "Listeners there remember more SYNs, where SYN cookies are off."
            : "Whoever calls listen() from now on can get as much.";
    return EventKind.note(
        "%s of %s is %d now, raised from %d; %s. %s"
            .formatted(
                CleanText.of(sysctl.name(), LONGEST_NAME),
                source.site().network(),
                remedy.applied(),
                remedy.original(),
                why,
                effect));
  }
}
