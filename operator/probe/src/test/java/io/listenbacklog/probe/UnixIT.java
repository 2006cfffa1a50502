package io.listenbacklog.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.UnixListeners;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.socket.UnixListener;
import io.listenbacklog.kernel.testing.Inhabitant;
import io.listenbacklog.kernel.testing.Need;
import io.listenbacklog.kernel.testing.Needs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A UNIX listener on the real kernel, seen and raised by the probe. */
@Needs({Need.ROOT, Need.PYTHON, Need.UNSHARE})
class UnixIT {
  @TempDir private Path journal;
  private final String uid = UUID.randomUUID().toString();
  private HandMadeNode node;
  private Inhabitant pod;
  private @Nullable Probe probe;

  @BeforeAll
  static void patience() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // emulated and busy machines
    Awaitility.setDefaultPollInterval(Duration.ofMillis(50));
  }

  @BeforeEach
  void aPod() throws IOException {
    node = new HandMadeNode(new LibC(), journal);
    pod = node.settle(uid);
    probe = node.start(node.kernel(), Duration.ofMillis(200));
  }

  private void policy(UnixListeners unix) throws IOException {
    node.api()
        .spec(
            new NodeBacklogSpec(
                List.of(
                    NodeRequirement.in(Mode.ENFORCE, OnDelete.RESTORE)
                        .minimum(64)
                        .unix(unix)
                        .remedies(Remedy.SYSCTL, Remedy.RELISTEN)
                        .stallAfterMillis(60_000)
                        .of(List.of(new NodePod(uid, "shop", "api-0", false, null))))));
    await().until(node.api()::observed);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    if (probe != null) probe.close();
    pod.close();
    node.close();
  }

  @Test
  void aUnixListenerIsRaisedUnderGovernAndPutBackAfterwards() throws IOException {
    var socket = pod.unix("@backlog-" + UUID.randomUUID());
    socket.listenAs(1234, 5);

    policy(UnixListeners.OBSERVE);
    assertThat(backlog(socket)).isEqualTo(5);

    policy(UnixListeners.GOVERN);
    await().untilAsserted(() -> assertThat(backlog(socket)).isEqualTo(64));
    assertThat(socket.serverAsSeenByAClient()).isEqualTo("1234 1234");

    policy(UnixListeners.OBSERVE);
    await().untilAsserted(() -> assertThat(backlog(socket)).isEqualTo(5));
    assertThat(socket.serverAsSeenByAClient()).isEqualTo("1234 1234");
  }

  private int backlog(Inhabitant.UnixSocket socket) throws IOException {
    return node
        .kernel()
        .namespaces()
        .visit(pod.pid(), pod.namespace(), there -> there.unixListeners().unix())
        .stream()
        .filter(each -> each.id().equals(socket.id()))
        .mapToInt(UnixListener::backlog)
        .findFirst()
        .orElseThrow();
  }
}
