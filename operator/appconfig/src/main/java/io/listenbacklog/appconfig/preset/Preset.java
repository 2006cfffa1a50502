package io.listenbacklog.appconfig.preset;

import java.util.List;
import java.util.Optional;

/**
 * How a common server is told its backlog.
 *
 * <p>More are to come; callers find them by {@link #of}.
 */
public enum Preset {
  PYTHON_SOCKETSERVER("PythonSocketserver", "python-socketserver", new Written.InPython());

  private final String spelling;
  private final String application;

  @SuppressWarnings("ImmutableEnumChecker") // List.of() and records
  private final List<Written> ways;

  Preset(String spelling, String application, Written... ways) {
    this.spelling = spelling;
    this.application = application;
    this.ways = List.of(ways);
  }

  /** How the API spells it. */
  public String spelling() {
    return spelling;
  }

  /** Its key in the catalogue of applications. */
  public String application() {
    return application;
  }

  /** How it is told, the usual way first; at least one. */
  public List<Written> ways() {
    return ways;
  }

  /** The one that the API spells so. */
  public static Optional<Preset> of(String spelling) {
    for (Preset preset : values()) {
      if (preset.spelling.equals(spelling)) return Optional.of(preset);
    }
    return Optional.empty();
  }
}
