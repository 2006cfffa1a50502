package io.listenbacklog.kernel;

import static io.listenbacklog.kernel.testing.Need.PYTHON;
import static io.listenbacklog.kernel.testing.Need.ROOT;
import static io.listenbacklog.kernel.testing.Need.UNSHARE;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.kernel.testing.Needs;
import io.listenbacklog.kernel.testing.NestedNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A node that is a container, as in kind: its processes have other pids outside. */
@Needs({ROOT, UNSHARE, PYTHON})
class NestedNodeIT {
  @Test
  void allButEventsIsThereAsOnAnyNode() throws IOException {
    String said =
        NestedNode.run(
            LinuxKernelIT.class.getName(),
            UnixListenersIT.class.getName(),
            RefusalsIT.class.getName(),
            "io.listenbacklog.kernel.threads.LinuxThreadsIT");

    assertThat(said).containsPattern("\\d\\d tests passed, 0 failed, 0 skipped\\R$");
  }
}
