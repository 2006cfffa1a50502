package io.listenbacklog.api;

/**
 * Annotations by which a pod overrides its policy's fields, or stands alone where no policy selects
 * it.
 */
public final class AnnotationKeys {
  /** What all keys of the operator begin with. */
  public static final String PREFIX = "listenbacklog.io/";

  /** {@code Observe} or {@code Enforce}. */
  public static final String MODE = PREFIX + "mode";

  /** A number, 1 to 65535. */
  public static final String MINIMUM = PREFIX + "minimum";

  /** A number, 1 to 65535: how far the backlog may grow after overflows. */
  public static final String MAXIMUM = PREFIX + "maximum";

  /**
   * {@code 9876=128,8080=256-4096,metrics=exempt,30000-32767=exempt,/run/php.sock=128}: ports by
   * number, by name or as a range, and the paths of UNIX listeners, each with a minimum, a minimum
   * and a maximum (no path has that), or {@code exempt}.
   */
  public static final String PORTS = PREFIX + "ports";

  /** On a policy, {@code true}: no change of an application's configuration is begun. */
  public static final String PAUSED = PREFIX + "paused";

  /**
   * On a workload: what was changed of its configuration, for whom, and what undoes it. The
   * controller's own.
   */
  public static final String APP_CONFIG = PREFIX + "app-config";

  /** A value that is longer counts as not said: 64 ports are shorter. */
  public static final int MOST_CHARACTERS = 8_192;

  private AnnotationKeys() {}
}
