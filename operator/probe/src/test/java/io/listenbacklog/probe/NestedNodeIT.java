package io.listenbacklog.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.kernel.testing.Need;
import io.listenbacklog.kernel.testing.Needs;
import io.listenbacklog.kernel.testing.NestedNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A node that is a container, as in kind: births are not told there, and all else is as usual. */
@Needs({Need.ROOT, Need.PYTHON, Need.UNSHARE})
class NestedNodeIT {
  @Test
  void sweepsFindWhatIsBornAndAllElseIsAsOnAnyNode() throws IOException {
    String said =
        NestedNode.run(ProbeIT.class.getName(), StallIT.class.getName(), UnixIT.class.getName());

    assertThat(said)
        .contains(
            "births are not told, sweeps list everything",
            "not to the initial PID namespace",
            "skipped: aBornListenerIsRaisedLongBeforeTheNextSweep()")
        .containsPattern("\\d\\d tests passed, 0 failed, 1 skipped\\R$");
  }
}
