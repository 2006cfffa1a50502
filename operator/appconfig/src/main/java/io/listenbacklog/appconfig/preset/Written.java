package io.listenbacklog.appconfig.preset;

import io.listenbacklog.appconfig.command.Combine;
import io.listenbacklog.appconfig.command.FlagForm;
import io.listenbacklog.appconfig.format.FileFormat;

/** Where an application is told its backlog. */
public sealed interface Written {

  /**
   * A variable of the environment.
   *
   * @param value {@code $(backlog)} in it stands for the number
   */
  record InEnvironment(String name, String value, Combine combine) implements Written {}

  /** An argument. */
  record AsArgument(String flag, FlagForm form) implements Written {}

  /**
   * A file.
   *
   * @param path where in the file, as {@link FileFormat} reads it
   * @param key the usual name of the file, which is a ConfigMap's key
   */
  record InFile(FileFormat format, String path, String key) implements Written {}

  /**
   * A module that Python imports at each start, from a folder of its own that comes first in {@code
   * PYTHONPATH}; both are made by {@link SiteCustomize}.
   */
  record InPython() implements Written {}

  /**
   * Nowhere.
   *
   * @param reason a sentence for people: why, and what to do instead
   */
  record Nowhere(String reason) implements Written {}
}
