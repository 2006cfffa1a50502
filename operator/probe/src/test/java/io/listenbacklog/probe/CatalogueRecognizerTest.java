package io.listenbacklog.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.catalogue.Listened;
import io.listenbacklog.kernel.fake.FakeKernel;
import io.listenbacklog.kernel.fake.FakeProcess;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CatalogueRecognizerTest {
  private static final int FD = 3;

  private final FakeKernel kernel = new FakeKernel();
  private FakeProcess process;

  @BeforeEach
  void aProcess() {
    process = kernel.process(kernel.namespace(), "server");
  }

  @Test
  void whatItHasMappedTellsWhatItsNameHides() throws IOException {
    assertThat(application(512)).isEmpty();

    process.maps("server", "libc.so.6", "libcoreclr.so");

    assertThat(application(512)).contains("kestrel");
  }

  @Test
  void aListenerAtADescriptorThatItWasHandedIsItsOpeners() throws IOException {
    process.exec("python3", "python3", "serve.py");
    process.isHanded(FD);

    assertThat(application(4096)).contains("handed-over");

    process.isHanded(FD + 1);

    assertThat(application(4096)).contains("python");
  }

  private Optional<String> application(int backlog) throws IOException {
    var processes = kernel.processes();
    return new CatalogueRecognizer(Catalogue.standard(), processes)
        .recognise(processes.facts(process.pid()).orElseThrow())
        .application(new Listened(backlog, 8080, 4096), FD);
  }
}
