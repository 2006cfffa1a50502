package io.listenbacklog.api;

/** Reasons of the Events that the operator writes: on the Pod, unless it is said otherwise. */
public final class EventReasons {
  /** Warning: a listener is below its requirement. */
  public static final String BACKLOG_TOO_SMALL = "BacklogTooSmall";

  /**
   * Normal: a listener in the pod's network namespace is no process's of the pod, so that nothing
   * is asked of it.
   */
  public static final String LISTENER_NOT_OF_POD = "ListenerNotOfPod";

  /** Normal: the backlog of a live listener was raised and read back. */
  public static final String BACKLOG_RAISED = "BacklogRaised";

  /** Normal: {@code net.core.somaxconn} of the pod's network namespace was raised and read back. */
  public static final String SOMAXCONN_RAISED = "SomaxconnRaised";

  /** Normal: an original value came back. */
  public static final String BACKLOG_RESTORED = "BacklogRestored";

  /**
   * Warning: somebody sets the value back again and again; it is raised again at growing intervals.
   */
  public static final String BACKLOG_CONTESTED = "BacklogContested";

  /** Warning: a remedy is allowed but cannot be had; the text says why. */
  public static final String REMEDY_UNAVAILABLE = "RemedyUnavailable";

  /** Warning: an annotation of the pod makes no sense; it is treated as if it were not there. */
  public static final String ANNOTATION_INVALID = "AnnotationInvalid";

  /** Warning: connection attempts were dropped because the queue was full. */
  public static final String LISTEN_OVERFLOW = "ListenOverflow";

  /** Warning: the application has stopped accepting. */
  public static final String ACCEPT_STALLED = "AcceptStalled";

  /** Warning: the SYN queue overflowed: cookies were sent or requests dropped. */
  public static final String SYN_FLOODING = "SynFlooding";

  /** Warning: more is asked for than this installation allows; the rest of it holds. */
  public static final String REQUIREMENT_CLAMPED = "RequirementClamped";

  /** Warning, on a Namespace: more Events are called for than are written in a minute. */
  public static final String EVENTS_HELD_BACK = "EventsHeldBack";

  /** Normal, on a workload: what would be written into its configuration, and why it is not. */
  public static final String APP_CONFIG_PROPOSED = "AppConfigProposed";

  /** Normal, on a workload: its configuration was changed. */
  public static final String APP_CONFIG_PATCHED = "AppConfigPatched";

  /** Warning, on a workload: the change did harm or nothing, and was undone. */
  public static final String APP_CONFIG_ROLLED_BACK = "AppConfigRolledBack";

  /** Warning, on a workload: somebody set the change back, and it is left to them. */
  public static final String APP_CONFIG_CONTESTED = "AppConfigContested";

  private EventReasons() {}
}
