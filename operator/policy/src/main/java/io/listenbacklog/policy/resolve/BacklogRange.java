package io.listenbacklog.policy.resolve;

import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.PortRule;
import io.listenbacklog.policy.resolve.port.PortRange;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of listeners: a backlog, and how far it may grow.
 *
 * @param minimum 1 to 65535; null: none
 * @param maximum 1 to 65535; null: it never grows
 */
record BacklogRange(@Nullable Integer minimum, @Nullable Integer maximum) {

  /** A maximum that leaves no room above the minimum is none. */
  BacklogRange {
    if (minimum != null && maximum != null && maximum <= minimum) maximum = null;
  }

  /** What a rule asks of its ports: the fields that it does not name are these. */
  NodePort on(PortRange ports, PortRule rule) {
    Integer last = ports.last() == ports.first() ? null : ports.last();
    if (rule.isExempt()) return new NodePort(ports.first(), last, null, null, true);
    var own =
        new BacklogRange(
            rule.minimum() == null ? minimum : rule.minimum(),
            rule.maximum() == null ? maximum : rule.maximum());
    return new NodePort(ports.first(), last, own.minimum, own.maximum, false);
  }
}
