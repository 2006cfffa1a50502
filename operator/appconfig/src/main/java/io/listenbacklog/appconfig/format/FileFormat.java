package io.listenbacklog.appconfig.format;

import org.jspecify.annotations.Nullable;

/** The formats of configuration files in which a backlog can be set. */
public enum FileFormat {
  NGINX("Nginx"),
  HAPROXY("Haproxy"),
  SPACE_SEPARATED("SpaceSeparated"),
  PROPERTIES("Properties"),
  INI("Ini"),
  YAML("Yaml"),
  JSON("Json");

  private final String spelling;

  FileFormat(String spelling) {
    this.spelling = spelling;
  }

  /** How the API spells it. */
  public String spelling() {
    return spelling;
  }

  /**
   * The file with the backlog at that path.
   *
   * @param backlog from 1
   */
  public EditResult set(String content, String path, int backlog) {
    return new EditResult.Refused(0, "not known yet");
  }

  /**
   * The value at that path as it is written there.
   *
   * @return null where there is none, or where {@link #set} would refuse
   */
  public @Nullable String read(String content, String path) {
    return null;
  }
}
