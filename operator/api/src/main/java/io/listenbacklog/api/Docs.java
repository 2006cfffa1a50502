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

  /** The same with the values, which newer API servers do not show beside a message. */
  static final String MAXIMUM_VALUES =
      "'maximum %d must not be below minimum %d'.format([self.maximum, self.minimum])";

  static final String PORTS =
      "What listeners on certain ports need instead of minimum and maximum, or that they are exempt. A number comes"
          + " before a range that it is in, a narrower range before a wider one.";
  static final String LOOPBACK =
      "Listeners that only the pod itself can reach (127.0.0.0/8, ::1). Govern (default): they need what others need."
          + " Exempt: they need nothing and are never changed.";
  static final String UNIX =
      "UNIX listeners, which have a path and no port. Observe (default): they are counted, and a queue that is full is"
          + " reported; their backlog alone is not. Govern: they need the minimum as others do, and mode Enforce raises"
          + " them. Ignore: nothing is said of them.";
  static final String REMEDIES =
      "What may be done in mode Enforce. Sysctl: raise net.core.somaxconn of the pod's network namespace where it caps"
          + " the backlog. Relisten: call listen() again on the live socket, without a restart. AppConfig: write what"
          + " appConfig names into the workload and roll it out, where the installation grants that. Default: Sysctl and"
          + " Relisten.";
  static final String APP_CONFIG =
      "Where the application is told its backlog: what the remedy AppConfig writes, or what is proposed where it may"
          + " not write.";
  static final String ROLLOUT = "With what care the remedy AppConfig is rolled out.";
  static final String APP_CONFIG_NAMED =
      "!has(self.remedies) || !self.remedies.exists(r, r == 'AppConfig') || has(self.appConfig) && self.appConfig.size() > 0";
  static final String APP_CONFIG_NAMED_MESSAGE = "the remedy AppConfig needs entries of appConfig";
  static final String SYSCTLS = "Floors for sysctls of the pod's network namespace (mode Enforce).";
  static final String STALL = "When an application counts as stalled: it has stopped accepting.";
  static final String ON_DELETE =
      "What becomes of the remedies when this policy is deleted, switched to Observe or no longer selects the pod."
          + " Restore (default): original values come back where they still are what was set. Keep: they stay until"
          + " the pod ends.";

  /**
   * With {@code in}: before Kubernetes 1.34 an API server reckons for {@code ==} with a port as
   * long as the longest request, whatever the schema says. For the same reason no rule looks into
   * the text of a port.
   */
  static final String PORTS_UNIQUE =
      "self.all(a, !has(a.port) || self.exists_one(b, has(b.port) && b.port in [a.port]))";

  static final String PORTS_UNIQUE_MESSAGE = "a port is listed twice";
  static final String PORTS_UNIQUE_VALUES =
      "'port %s is listed twice'.format("
          + "[self.filter(a, has(a.port) && !self.exists_one(b, has(b.port) && b.port in [a.port]))[0].port])";
  static final String PATHS_UNIQUE =
      "self.all(a, !has(a.path) || self.exists_one(b, has(b.path) && b.path == a.path))";
  static final String PATHS_UNIQUE_MESSAGE = "a path is listed twice";
  static final String PATHS_UNIQUE_VALUES =
      "'path %s is listed twice'.format("
          + "[self.filter(a, has(a.path) && !self.exists_one(b, has(b.path) && b.path == a.path))[0].path])";

  static final String PATHS_GOVERNED =
      "!has(self.ports) || (has(self.unix) && self.unix == 'Govern') ||"
          + " self.ports.all(p, !has(p.path) || (has(p.exempt) && p.exempt))";
  static final String PATHS_GOVERNED_MESSAGE = "a minimum for a path needs unix: Govern";
  static final String PATHS_GOVERNED_VALUES =
      "'the minimum for path %s needs unix: Govern'.format("
          + "[self.ports.filter(p, has(p.path) && !(has(p.exempt) && p.exempt))[0].path])";

  private Docs() {}
}
