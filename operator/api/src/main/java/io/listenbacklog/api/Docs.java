package io.listenbacklog.api;

/** Field descriptions that both policy kinds share: what {@code kubectl explain} says. */
final class Docs {
  static final String MODE =
      "What the operator may do. Observe (default): report listeners below their requirement in Events, status and"
          + " metrics, change nothing. Enforce: also apply the remedies, in running processes and in every new pod;"
          + " back to Observe undoes them.";
  static final String PRIORITY =
      "Which policy governs a pod that several select: the higher priority does; then the older, then the first by"
          + " name. A BacklogPolicy always comes before a ClusterBacklogPolicy.";
  static final String SELECTOR =
      "The pods this policy is for, by label. Absent or empty: all pods of the namespace (of the selected namespaces"
          + " for a ClusterBacklogPolicy).";
  static final String MINIMUM =
      "The backlog that every listener of these pods needs, 1 to 65535: how many established connections may wait for"
          + " accept(). Absent: only the entries of ports ask for one.";
  static final String MAXIMUM =
      "How far the backlog may grow, 1 to 65535. Each time connection attempts are proven to be dropped because the"
          + " queue was full, the backlog doubles, up to this, at most once in ten seconds (mode Enforce, remedy"
          + " Relisten). Absent: it never grows.";
  static final String MAXIMUM_RULE =
      "!has(self.maximum) || !has(self.minimum) || self.maximum >= self.minimum";
  static final String MAXIMUM_MESSAGE = "maximum must not be below minimum";
  static final String PORTS =
      "What listeners on certain ports need instead of minimum and maximum, or that they are exempt.";
  static final String REMEDIES =
      "What may be done in mode Enforce. Sysctl: raise net.core.somaxconn of the pod's network namespace where it caps"
          + " the backlog. Relisten: call listen() again on the live socket, without a restart. Default: both.";
  static final String SYSCTLS = "Floors for sysctls of the pod's network namespace (mode Enforce).";
  static final String STALL = "When an application counts as stalled: it has stopped accepting.";
  static final String ON_DELETE =
      "What becomes of the remedies when this policy is deleted, switched to Observe or no longer selects the pod."
          + " Restore (default): original values come back where they still are what was set. Keep: they stay until"
          + " the pod ends.";
  static final String PORTS_UNIQUE = "self.all(a, self.exists_one(b, b.port == a.port))";
  static final String PORTS_UNIQUE_MESSAGE = "a port is listed twice";

  private Docs() {}
}
