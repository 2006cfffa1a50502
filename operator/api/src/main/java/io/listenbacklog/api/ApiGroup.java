package io.listenbacklog.api;

/** Group and version of the custom resources. */
public final class ApiGroup {
  public static final String NAME = "listenbacklog.io";
  public static final String VERSION = "v1alpha1";

  /**
   * Field manager of the controller's server-side apply, and {@code reportingController} of its
   * Events.
   */
  public static final String CONTROLLER = "listenbacklog.io";

  /** Field manager of a probe's server-side apply. */
  public static final String PROBE = "listenbacklog.io-probe";

  private ApiGroup() {}
}
