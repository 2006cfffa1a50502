package io.listenbacklog.probe.telemetry;

/** Names of the facts in log lines. */
public final class LogKeys {
  public static final String POD = "pod";
  public static final String LISTENER = "listener";
  public static final String NETNS = "netns";
  public static final String PID = "pid";
  public static final String FROM = "from";
  public static final String TO = "to";
  public static final String REQUIRED = "required";
  public static final String SOMAXCONN = "somaxconn";
  public static final String WHAT = "what";
  public static final String WHY = "why";
  public static final String COUNT = "count";
  public static final String GENERATION = "generation";
  public static final String NODE = "node";
  public static final String PORT = "port";
  public static final String BACKLOG = "backlog";
  public static final String SYSCTL = "sysctl";
  public static final String QUEUE = "queue";
  public static final String MILLIS = "millis";

  private LogKeys() {}
}
