package io.listenbacklog.probe.engine;

import io.listenbacklog.kernel.process.ProcessFacts;
import java.util.Optional;

/** Tells an application by what its process is. */
@FunctionalInterface
public interface Recogniser {

  /**
   * Recognises an application.
   *
   * @param backlog what the application asked for, as far as somaxconn allowed
   * @return its key in the catalogue
   */
  Optional<String> recognise(ProcessFacts process, int backlog);
}
