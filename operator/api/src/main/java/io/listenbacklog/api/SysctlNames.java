package io.listenbacklog.api;

/** The sysctls that remedies raise, by the names that statuses, Events and journals have. */
public final class SysctlNames {
  /** The largest backlog that {@code listen()} grants in a network namespace. */
  public static final String SOMAXCONN = "net.core.somaxconn";

  /** How many SYNs a listener remembers where SYN cookies are off. */
  public static final String TCP_MAX_SYN_BACKLOG = "net.ipv4.tcp_max_syn_backlog";

  private SysctlNames() {}
}
