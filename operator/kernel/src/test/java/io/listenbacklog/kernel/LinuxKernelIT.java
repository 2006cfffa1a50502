package io.listenbacklog.kernel;

import static io.listenbacklog.kernel.testing.Need.MPTCP;
import static io.listenbacklog.kernel.testing.Need.PYTHON;
import static io.listenbacklog.kernel.testing.Need.ROOT;
import static io.listenbacklog.kernel.testing.Need.UNSHARE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.netns.NetworkNamespaces.Visit;
import io.listenbacklog.kernel.relisten.RelistenResult;
import io.listenbacklog.kernel.relisten.RelistenResult.Changed;
import io.listenbacklog.kernel.relisten.RelistenResult.Gone;
import io.listenbacklog.kernel.relisten.RelistenResult.Unneeded;
import io.listenbacklog.kernel.socket.IpAddress;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.testing.Inhabitant;
import io.listenbacklog.kernel.testing.Needs;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What only a real kernel does. */
@Needs({ROOT, UNSHARE, PYTHON})
class LinuxKernelIT {
  private static final int PORT = 9876;
  private static final Path NOWHERE = Path.of("/nonexistent");

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
  void theBootIdIsTheKernels() throws IOException {
    assertThat(kernel.bootId())
        .isEqualTo(Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
  }

  /** So that what one process wrote down can be timed by the next. */
  @Test
  void theUptimeIsThatOfTheNodeAndNotOfThisProcess() throws IOException {
    var before = kernel.uptime();
    var told = Files.readString(Path.of("/proc/uptime")).split(" ", -1)[0];
    var after = kernel.uptime();

    assertThat(Duration.ofMillis(new BigDecimal(told).movePointRight(3).longValueExact()))
        .isBetween(before, after);
  }

  /** {@code pthread_exit} in main(), as servers do that leave all to their threads. */
  @Test
  void aProcessWhoseMainThreadHasEndedIsLookedIntoByWayOfAnother() throws Exception {
    String program =
        """
        import ctypes, platform, socket, threading
        server = socket.create_server(("0.0.0.0", %d), backlog=5)
        threading.Thread(target=threading.Event().wait).start()
        print("ready", flush=True)
        ctypes.CDLL(None).syscall(93 if platform.machine() == "aarch64" else 60, 0) # exit(2): one thread
        """
            .formatted(PORT);
    var process = new ProcessBuilder("unshare", "--net", "python3", "-c", program).start();
    try (var out = process.inputReader()) {
      assertThat(out.readLine()).isEqualTo("ready");
      int pid = Math.toIntExact(process.pid());
      var main = Path.of("/proc/%d/status".formatted(pid));
      await().until(() -> Files.readString(main).contains("State:\tZ"));
      var processes = kernel.processes();

      assertThat(processes.livingThread(pid)).isPresent();
      long namespace = processes.networkNamespace(pid).orElseThrow();
      var listener =
          kernel.namespaces().visit(pid, namespace, view -> view.listeners().all()).getFirst();
      int fd = processes.sockets(pid).getOrDefault(listener.inode(), -1);
      assertThat(fd).isPositive();
      var raised =
          kernel
              .namespaces()
              .visit(
                  pid,
                  namespace,
                  there ->
                      kernel.relisten().raise(there, pid, fd, listener.inode(), listener.id(), 64));
      assertThat(raised)
          .satisfiesAnyOf(
              done -> assertThat(done).isEqualTo(new Changed(5, 64)),
              refused -> assertThat(refused.toString()).contains("PIDFD_THREAD"));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void aMainThreadThatLivesNeedsNoOther() throws IOException {
    assertThat(kernel.processes().livingThread(inhabitant.pid())).isEmpty();
    assertThat(kernel.processes().livingThread(Integer.MAX_VALUE)).isEmpty();
  }

  @Test
  void relistenIsPossibleHere() {
    assertThat(kernel.relisten().unavailable()).isEmpty();
  }

  @Test
  void anIpv6OnlyListenerBesideAnIpv4OneIsAnother() throws IOException {
    var four = inhabitant.listen("0.0.0.0", PORT, 5);
    var six = inhabitant.listen("::", PORT, 7, "v6only");

    assertThat(known(four, six)).extracting(Listener::backlog).containsExactly(5, 7);
    assertThat(raise(six, 64)).isEqualTo(new Changed(7, 64));
    assertThat(known(four, six)).extracting(Listener::backlog).containsExactly(5, 64);
  }

  @Test
  void aListenerThatIsGoneIsNotMistakenForTheOneThatAnswersInItsPlace() throws IOException {
    var specific = inhabitant.listen("127.0.0.1", PORT, 5);
    specific.close();
    inhabitant.listen("::", PORT, 7); // dual-stack: an exact look-up of 127.0.0.1 gets this one

    assertThat(known(specific)).isEmpty();
  }

  @Test
  void aListenerThatIsBoundToADeviceIsFoundWithIt() throws IOException {
    var bound = inhabitant.listen("0.0.0.0", PORT, 5, "device");

    var all = inside(there -> there.listeners().all());
    assertThat(all).extracting(Listener::inode).containsExactly(bound.inode());
    assertThat(all.getFirst().id().device()).isPositive();
    var found = inside(there -> there.listeners().known(List.of(all.getFirst().id())));
    assertThat(found).isEqualTo(all);
  }

  @Test
  @Needs(MPTCP)
  void anMptcpListenerIsRaisedThoughItsSocketHasACookieOfItsOwn() throws IOException {
    var mptcp = inhabitant.listen("0.0.0.0", PORT, 5, "mptcp");
    var seen = inside(there -> there.listeners().onPort(PORT)).getFirst();
    assertThat(seen.inode()).isEqualTo(mptcp.inode());

    var result = raise(mptcp, seen.id(), 64);

    assertThat(result).isEqualTo(new Changed(5, 64));
    assertThat(inside(there -> there.listeners().onPort(PORT)).getFirst().backlog()).isEqualTo(64);
  }

  @Test
  void anFdThatLeadsToAnotherSocketByNowIsLeftAlone() throws IOException {
    var meant = inhabitant.listen("0.0.0.0", PORT, 5);
    var other = inhabitant.listen("0.0.0.0", PORT + 1, 5);
    int child = inhabitant.fork(); // keeps the listener that is meant alive
    meant.replaceBy(other);

    assertThat(raise(meant, 64)).isInstanceOf(Gone.class);

    assertThat(known(meant, other)).extracting(Listener::backlog).containsExactly(5, 5);
    inhabitant.end(child);
  }

  @Test
  void anFdThatIsAnUnboundSocketByNowIsNotStarted() throws IOException {
    var meant = inhabitant.listen("0.0.0.0", PORT, 5);
    var bound = inhabitant.bind("0.0.0.0", PORT + 1);
    int child = inhabitant.fork();
    meant.replaceBy(bound);

    assertThat(raise(meant, 64)).isInstanceOf(Gone.class);

    assertThat(bound.listens()).isFalse();
    inhabitant.end(child);
  }

  @Test
  void aCookieOfAnotherSocketIsRefused() throws IOException {
    var socket = inhabitant.listen("0.0.0.0", PORT, 5);
    var id = socket.id();
    var stale = new ListenerId(id.address(), id.port(), id.device(), id.cookie() + 1_000_000);

    assertThat(raise(socket, stale, 64)).isInstanceOf(Gone.class);

    assertThat(known(socket)).extracting(Listener::backlog).containsExactly(5);
  }

  @Test
  void aStoppedProcessIsRaisedAllTheSame() throws Exception {
    var socket = inhabitant.listen("0.0.0.0", PORT, 5);
    signal("-STOP");
    try {
      await()
          .until(
              () ->
                  Files.readString(Path.of("/proc/" + inhabitant.pid() + "/stat"))
                      .contains(") T "));
      assertThat(raise(socket, 64)).isEqualTo(new Changed(5, 64));
    } finally {
      signal("-CONT");
    }
  }

  @Test
  void aBacklogOfZeroCanBePutBack() throws IOException {
    var socket = inhabitant.listen("0.0.0.0", PORT, 64); // an earlier version raised from 0

    assertThat(restore(socket, 64, 0)).isEqualTo(new Changed(64, 0));
    assertThat(restore(socket, 64, 0)).isEqualTo(new Unneeded(0));
  }

  @Test
  void aListenerOfAnotherNamespaceThanItsHoldersIsNotTouched() throws Exception {
    // Held by this process, born in the inhabitant's namespace: somaxconn there is what would
    // clamp.
    var socket = inhabitant.listen("0.0.0.0", PORT, 5);
    int own = (int) ProcessHandle.current().pid();
    long namespace = kernel.processes().networkNamespace(own).orElseThrow();

    Visit<RelistenResult> raise =
        there -> kernel.relisten().raise(there, own, socket.fd(), socket.inode(), socket.id(), 64);
    assertThat(kernel.namespaces().visit(own, namespace, raise)).isInstanceOf(Gone.class);
    assertThat(inside(raise)).isInstanceOf(Gone.class);
  }

  @Test
  void aVisitSeesWhatWasRaisedInIt() throws IOException {
    var socket = inhabitant.listen("0.0.0.0", PORT, 5);

    var seen =
        inside(
            there -> {
              int pid = inhabitant.pid();
              var result =
                  kernel.relisten().raise(there, pid, socket.fd(), socket.inode(), socket.id(), 64);
              assertThat(result).isEqualTo(new Changed(5, 64));
              return there.listeners().known(List.of(socket.id())).getFirst().backlog();
            });

    assertThat((int) seen).isEqualTo(64);
  }

  @Test
  void afterAVisitTheThreadIsHomeAndTheViewOfNoUse() throws Exception {
    var before = ownNamespace();
    var kept = new ArrayList<NamespaceView>();

    var during =
        inside(
            there -> {
              kept.add(there);
              return ownNamespace();
            });

    assertThat(during).isEqualTo("net:[" + inhabitant.namespace() + "]");
    assertThat(ownNamespace()).isEqualTo(before);
    assertThatThrownBy(() -> kept.getFirst().somaxconn()).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> kept.getFirst().listeners().all())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aVisitThatFailsBringsTheThreadHomeToo() throws Exception {
    var before = ownNamespace();

    assertThatThrownBy(
            () ->
                inside(
                    _ -> {
                      throw new IOException("broken");
                    }))
        .hasMessage("broken");

    assertThat(ownNamespace()).isEqualTo(before);
    assertThat(inside(NamespaceView::somaxconn) > 0).isTrue();
  }

  @Test
  void aVirtualThreadIsRefused() {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThatThrownBy(() -> threads.submit(() -> inside(NamespaceView::somaxconn)).get())
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void twoThreadsVisitAtOnce() throws Exception {
    var socket = inhabitant.listen("0.0.0.0", PORT, 5);
    try (var other = Inhabitant.settle();
        var threads = Executors.newFixedThreadPool(2)) {
      var elsewhere = other.listen("0.0.0.0", PORT, 7);
      var here =
          threads.submit(() -> backlogs(inhabitant.pid(), inhabitant.namespace(), socket.id()));
      var there = threads.submit(() -> backlogs(other.pid(), other.namespace(), elsewhere.id()));

      assertThat(here.get()).containsOnly(5);
      assertThat(there.get()).containsOnly(7);
    }
  }

  private List<Integer> backlogs(int pid, long namespace, ListenerId id) throws IOException {
    var backlogs = new ArrayList<Integer>();
    for (int round = 0; round < 200; round++) {
      var seen = kernel.namespaces().visit(pid, namespace, it -> it.listeners().known(List.of(id)));
      backlogs.add(seen.getFirst().backlog());
    }
    return backlogs;
  }

  @Test
  void manyVisitsLeakNothingAndPinNothing() throws Exception {
    var socket = inhabitant.listen("0.0.0.0", PORT, 5);
    long namespace = inhabitant.namespace();
    raise(socket, 6);
    int before = openDescriptors();

    for (int round = 0; round < 200; round++) {
      raise(socket, 7 + round);
      inside(there -> there.listeners().all());
      inside(NamespaceView::counters);
    }

    assertThat(openDescriptors()).isEqualTo(before);
    // A namespace that nobody holds is freed, and with it the listener that an fd of ours would
    // keep.
    inhabitant.die();
    await().until(() -> !namespaceIsHeld(namespace));
  }

  /** Whether any thread of this process, or an fd of it, keeps a namespace alive. */
  private static boolean namespaceIsHeld(long namespace) throws IOException {
    var link = "net:[" + namespace + "]";
    try (var threads = Files.list(Path.of("/proc/self/task"))) {
      for (var thread : threads.toList()) {
        if (leadsTo(thread.resolve("ns/net"), link)) return true;
      }
    }
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (var descriptor : descriptors.toList()) {
        if (leadsTo(descriptor, link)) return true;
      }
    }
    return false;
  }

  private static boolean leadsTo(Path link, String target) {
    try {
      return Files.readSymbolicLink(link).toString().equals(target);
    } catch (IOException e) {
      return false; // gone meanwhile
    }
  }

  private static int openDescriptors() throws IOException {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return (int) descriptors.count();
    }
  }

  @Test
  void aThreadThatHasEndedHasNoGroup() throws IOException {
    var told = inhabitant.tell("thread_listen t 0.0.0.0 %d 5".formatted(PORT)).split(" ", -1);
    int thread = Integer.parseInt(told[3]);

    assertThat(thread).isNotEqualTo(inhabitant.pid());
    // Python's join() returns a moment before the kernel is done with the thread.
    await().until(() -> kernel.processes().threadGroup(thread).isEmpty());
    assertThat(kernel.processes().threadGroup(inhabitant.pid())).hasValue(inhabitant.pid());
  }

  @Test
  void somaxconnOfANamespaceOwnedByAUserNamespaceIsReadOrKnown() throws IOException {
    try (var unprivileged = Inhabitant.settleUnprivileged()) {
      int somaxconn =
          kernel
              .namespaces()
              .visit(unprivileged.pid(), unprivileged.namespace(), NamespaceView::somaxconn);

      assertThat(somaxconn).isEqualTo(4096);
    }
  }

  @Test
  void aProcOfAnotherPidNamespaceIsRefused() {
    assertThatThrownBy(() -> new LinuxKernel(new LibC(), new LinuxKernel.Paths(NOWHERE, null)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/nonexistent/self leads to nowhere");
  }

  @Test
  void theAddressOfAMappedListenerStaysMapped() throws IOException {
    var socket = inhabitant.listen("::ffff:127.0.0.1", PORT, 5);

    var seen = inside(there -> there.listeners().onPort(PORT)).getFirst();

    assertThat(seen.id()).isEqualTo(socket.id());
    assertThat(seen.id().text()).isEqualTo("[::ffff:127.0.0.1]:9876");
    assertThat(seen.id().address()).isNotEqualTo(IpAddress.v4(0x7f000001));
  }

  private <T> T inside(Visit<T> visit) throws IOException {
    return kernel.namespaces().visit(inhabitant.pid(), inhabitant.namespace(), visit);
  }

  private List<Listener> known(Inhabitant.Socket... sockets) throws IOException {
    var ids = Arrays.stream(sockets).map(Inhabitant.Socket::id).toList();
    return inside(there -> there.listeners().known(ids));
  }

  private RelistenResult raise(Inhabitant.Socket socket, int backlog) throws IOException {
    return raise(socket, socket.id(), backlog);
  }

  private RelistenResult raise(Inhabitant.Socket socket, ListenerId id, int backlog)
      throws IOException {
    return inside(
        there ->
            kernel
                .relisten()
                .raise(there, inhabitant.pid(), socket.fd(), socket.inode(), id, backlog));
  }

  private RelistenResult restore(Inhabitant.Socket socket, int applied, int original)
      throws IOException {
    return inside(
        there ->
            kernel
                .relisten()
                .restore(
                    there,
                    inhabitant.pid(),
                    socket.fd(),
                    socket.inode(),
                    socket.id(),
                    applied,
                    original));
  }

  private void signal(String signal) throws Exception {
    // The shell's own: a minimal Debian has no program of this name.
    var kill = "kill %s %d".formatted(signal, inhabitant.pid());
    assertThat(new ProcessBuilder("sh", "-c", kill).start().waitFor()).isZero();
  }

  private static String ownNamespace() throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
  }
}
