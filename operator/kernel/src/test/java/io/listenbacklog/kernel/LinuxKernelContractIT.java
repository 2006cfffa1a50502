package io.listenbacklog.kernel;

import static io.listenbacklog.kernel.testing.Need.INITIAL_PID_NAMESPACE;
import static io.listenbacklog.kernel.testing.Need.PYTHON;
import static io.listenbacklog.kernel.testing.Need.ROOT;
import static io.listenbacklog.kernel.testing.Need.TRACEFS;
import static io.listenbacklog.kernel.testing.Need.UNSHARE;

import io.listenbacklog.kernel.testing.Needs;
import io.listenbacklog.kernel.testing.TracefsFolder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

@Needs({ROOT, UNSHARE, PYTHON, TRACEFS, INITIAL_PID_NAMESPACE})
class LinuxKernelContractIT extends NodeKernelContract {
  private static TracefsFolder tracefs;

  @BeforeAll
  static void makeFolder() {
    tracefs = TracefsFolder.make();
  }

  @AfterAll
  static void removeFolder() {
    tracefs.close();
  }

  @Override
  World world() {
    return new LinuxWorld(tracefs.path());
  }
}
