package io.listenbacklog.probe.discover;

import io.listenbacklog.catalogue.Listened;
import io.listenbacklog.kernel.process.ProcessFacts;
import java.io.IOException;
import java.util.Optional;

/** Tells an application by what its process is. */
@FunctionalInterface
public interface ApplicationRecognizer {

  /** Looks at a process once, for it may have many listeners. */
  Recognised recognise(ProcessFacts process) throws IOException;

  /** What a process is recognised as. */
  @FunctionalInterface
  interface Recognised {

    /**
     * The application that one of its listeners is of.
     *
     * @param asked what was asked for; whether another program opened it is found out here
     * @param fd under which the process holds it
     * @return its key in the catalogue
     */
    Optional<String> application(Listened asked, int fd) throws IOException;
  }
}
