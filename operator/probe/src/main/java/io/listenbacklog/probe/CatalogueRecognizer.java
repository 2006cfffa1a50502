package io.listenbacklog.probe;

import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.catalogue.Listened;
import io.listenbacklog.catalogue.Program;
import io.listenbacklog.catalogue.Recognition;
import io.listenbacklog.kernel.process.ProcessFacts;
import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.probe.discover.ApplicationRecognizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells applications by the catalogue. */
public record CatalogueRecognizer(Catalogue catalogue, Processes processes)
    implements ApplicationRecognizer {

  @Override
  public Recognised recognise(ProcessFacts process) throws IOException {
    var mapped = new Mapped(process.pid());
    var program =
        new Program(
            process.executable(),
            process.arguments(),
            process.containerName(),
            process.goRuntime(),
            mapped::files);
    return new Known(catalogue.program(program), processes.handedOver(process.pid()));
  }

  private record Known(Recognition recognition, Set<Integer> handedOver) implements Recognised {
    @Override
    public Optional<String> application(Listened asked, int fd) throws IOException {
      try {
        return recognition.of(asked.handedOver(handedOver.contains(fd)));
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
  }

  /** The files that a process has mapped, read when they are asked for, and once. */
  private final class Mapped {
    private final int pid;
    private @Nullable Set<String> files;

    Mapped(int pid) {
      this.pid = pid;
    }

    Set<String> files() {
      try {
        if (files == null) files = processes.mappedFiles(pid);
        return files;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
