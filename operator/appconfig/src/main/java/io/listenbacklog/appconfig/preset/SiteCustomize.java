package io.listenbacklog.appconfig.preset;

import org.jspecify.annotations.Nullable;

/** Python's {@code sitecustomize.py} that raises the backlog of the socketserver family. */
public final class SiteCustomize {
  private SiteCustomize() {}

  /** The name the file must have in its folder. */
  public static final String FILE = "sitecustomize.py";

  /** The text of the file for that backlog. */
  public static String source(int backlog) {
    return "";
  }

  /**
   * {@code PYTHONPATH} with that folder first.
   *
   * @param current what it is now; null where it is not set
   */
  public static String pythonPath(@Nullable String current, String folder) {
    return current == null || current.isEmpty() ? folder : folder + ":" + current;
  }
}
