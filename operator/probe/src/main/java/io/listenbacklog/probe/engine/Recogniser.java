package io.listenbacklog.probe.engine;

import java.util.List;
import java.util.Optional;

/** Tells an application by its command line. */
@FunctionalInterface
public interface Recogniser {

  /**
   * Recognises an application.
   *
   * @param executable where {@code /proc/PID/exe} leads; empty where unknown
   * @param backlog what the application asked for, as far as somaxconn allowed
   * @return its key in the catalogue
   */
  Optional<String> recognise(String executable, List<String> arguments, int backlog);
}
