package io.listenbacklog.controller.telemetry;

/** Keys of the facts in log lines. */
public final class LogKeys {
  public static final String NAMESPACE = "namespace";
  public static final String NODE = "node";
  public static final String NODES = "nodes";
  public static final String PODS = "pods";
  public static final String POD = "pod";
  public static final String POLICY = "policy";
  public static final String REASON = "reason";
  public static final String EVENT = "event";
  public static final String OBJECT = "object";
  public static final String CAUSE = "cause";
  public static final String MILLIS = "millis";
  public static final String RESOURCE = "resource";
  public static final String IDENTITY = "identity";
  public static final String LEADER = "leader";
  public static final String PORT = "port";
  public static final String REMAINING = "remaining";
  public static final String ATTEMPT = "attempt";

  private LogKeys() {}
}
