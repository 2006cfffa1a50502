package io.listenbacklog.kernel;

import static io.listenbacklog.kernel.testing.Need.PYTHON;
import static io.listenbacklog.kernel.testing.Need.ROOT;
import static io.listenbacklog.kernel.testing.Need.UNSHARE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.netns.NetworkNamespaces.Visit;
import io.listenbacklog.kernel.relisten.RelistenResult;
import io.listenbacklog.kernel.relisten.RelistenResult.Changed;
import io.listenbacklog.kernel.socket.UnixListener;
import io.listenbacklog.kernel.socket.UnixListenerTable;
import io.listenbacklog.kernel.testing.Inhabitant;
import io.listenbacklog.kernel.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** UNIX listeners on the real kernel, where it differs from what a fake shows. */
@Needs({ROOT, PYTHON, UNSHARE})
class UnixListenersIT {
  private LinuxKernel kernel;
  private Inhabitant inhabitant;

  @BeforeEach
  void settle() throws IOException {
    kernel = new LinuxKernel(new LibC(), new LinuxKernel.Paths(Path.of("/proc"), null));
    inhabitant = Inhabitant.settle();
  }

  @AfterEach
  void leave() {
    inhabitant.close();
    kernel.close();
  }

  @Test
  void pathsAndAbstractNamesAreShownAsSsShowsThem(@TempDir Path folder) throws IOException {
    var path = inhabitant.unix(folder.resolve("php.sock").toString());
    var packets = inhabitant.unix(folder.resolve("packets.sock").toString(), "seqpacket");
    var inMemory = inhabitant.unix("@backlog-" + UUID.randomUUID());
    path.listen(5);
    packets.listen(6);
    inMemory.listen(7);

    assertThat(unix())
        .containsExactlyInAnyOrder(
            new UnixListener(path.id(), path.inode(), 0, 5),
            new UnixListener(packets.id(), packets.inode(), 0, 6),
            new UnixListener(inMemory.id(), inMemory.inode(), 0, 7));
    assertThat(path.id().text()).isEqualTo("unix:" + folder.resolve("php.sock"));
  }

  @Test
  void thousandsOfThemComeInOneDump(@TempDir Path folder) throws IOException {
    inhabitant.tell("unix_many " + folder.resolve("s") + " 700");
    assertThat(unix()).hasSize(700).extracting(it -> it.id().path()).doesNotHaveDuplicates();
  }

  /** One pod can make more than a probe has memory for. */
  @Test
  void noMoreAreShownThanAreLookedAt(@TempDir Path folder) throws IOException {
    inhabitant.tell("unix_many " + folder.resolve("s") + " " + (UnixListenerTable.MOST + 500));

    assertThat(unix()).hasSize(UnixListenerTable.MOST);
    assertThat(unix()).as("after a dump that was left").hasSize(UnixListenerTable.MOST);
  }

  @Test
  void whoHasGoneIsInTheQueueAllTheSame() throws IOException {
    var socket = inhabitant.unix("@backlog-" + UUID.randomUUID());
    socket.listen(20);
    for (int client = 0; client < 3; client++) assertThat(socket.connect()).isTrue();
    var waiting = clients();

    inhabitant.tell("unix_leave"); // the one that came last
    assertThat(clients()).containsExactly(waiting.get(0), waiting.get(1), 0L);
  }

  /**
   * The kernel makes room for them of a page, or of two, and shows none where that is too small.
   */
  @Test
  void ofMoreThanTheKernelShowsNoneIsTold() throws IOException {
    var socket = inhabitant.unix("@backlog-" + UUID.randomUUID());
    socket.listen(4000);
    for (int client = 0; client < 3000; client++) assertThat(socket.connect()).isTrue();

    assertThat(unix().getFirst().queue()).isEqualTo(3000);
    assertThat(clients()).isEmpty();
  }

  private List<Long> clients() throws IOException {
    var listener = unix().getFirst();
    return inside(there -> there.unixListeners().clients(listener));
  }

  @Test
  void aSeqpacketListenerIsRaisedToo(@TempDir Path folder) throws IOException {
    var socket = inhabitant.unix(folder.resolve("packets.sock").toString(), "seqpacket");
    socket.listen(1);

    assertThat(raise(socket, 64)).isEqualTo(new Changed(1, 64));
  }

  private RelistenResult raise(Inhabitant.UnixSocket socket, int backlog) throws IOException {
    int pid = inhabitant.pid();
    return inside(
        there ->
            kernel.relisten().raise(there, pid, socket.fd(), socket.inode(), socket.id(), backlog));
  }

  private <T> T inside(Visit<T> visit) throws IOException {
    return kernel.namespaces().visit(inhabitant.pid(), inhabitant.namespace(), visit);
  }

  /** {@code listen()} writes down who called it, and clients believe that (SO_PEERCRED). */
  @Test
  void clientsAreToldTheUserOfTheServerAndNotOurs() throws IOException {
    var socket = inhabitant.unix("@backlog-" + UUID.randomUUID());
    socket.listenAs(1234, 3);
    assertThat(socket.serverAsSeenByAClient()).isEqualTo("1234 1234");

    var raised = raise(socket, 64);

    assertThat(raised).isEqualTo(new Changed(3, 64));
    assertThat(socket.serverAsSeenByAClient()).isEqualTo("1234 1234");
    var restored =
        inside(
            there ->
                kernel
                    .relisten()
                    .restore(
                        there, inhabitant.pid(), socket.fd(), socket.inode(), socket.id(), 64, 3));
    assertThat(restored).isEqualTo(new Changed(64, 3));
    assertThat(socket.serverAsSeenByAClient()).isEqualTo("1234 1234");
    // This thread is root again, with all that it may.
    var status = Files.readString(Path.of("/proc/thread-self/status"), UTF_8);
    assertThat(status).contains("Uid:\t0\t0\t0\t0\n").contains("Gid:\t0\t0\t0\t0\n");
    assertThat(line(status, "CapEff")).isEqualTo(line(status, "CapPrm"));
  }

  private static String line(String status, String name) {
    int from = status.indexOf(name + ":") + name.length() + 1;
    return status.substring(from, status.indexOf('\n', from)).strip();
  }

  private List<UnixListener> unix() throws IOException {
    return inside(there -> there.unixListeners().unix());
  }
}
