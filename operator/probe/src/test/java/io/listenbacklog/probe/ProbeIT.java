package io.listenbacklog.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.SynFlood;
import io.listenbacklog.kernel.LinuxKernel;
import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.kernel.WrappedKernel;
import io.listenbacklog.kernel.events.KernelEvents;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.testing.Inhabitant;
import io.listenbacklog.kernel.testing.Need;
import io.listenbacklog.kernel.testing.Needs;
import io.listenbacklog.kernel.testing.Seccomp;
import io.listenbacklog.probe.apiserver.FakeApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole probe on the real kernel, with pods made by hand, and an API server in memory. */
@Needs({Need.ROOT, Need.PYTHON, Need.UNSHARE})
class ProbeIT {
  private static final Duration RARELY = Duration.ofMinutes(1);
  private static final Duration OFTEN = Duration.ofMillis(200);

  @TempDir private Path journal;
  private final String uid = UUID.randomUUID().toString();
  private final String stranger = UUID.randomUUID().toString();
  private HandMadeNode node;
  private FakeApi api;
  private LinuxKernel kernel;
  private Inhabitant pod;
  private @Nullable Probe probe;
  private @Nullable LinuxKernel filtered;

  @BeforeAll
  static void patience() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30)); // emulated and busy machines
    Awaitility.setDefaultPollInterval(Duration.ofMillis(20));
  }

  @BeforeEach
  void aPod() throws IOException {
    node = new HandMadeNode(new LibC(), journal);
    api = node.api();
    kernel = node.kernel();
    pod = node.settle(uid);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    if (probe != null) probe.close();
    if (filtered != null) filtered.close();
    pod.die();
    node.close();
  }

  private void start(NodeKernel on, Duration sweep) throws IOException {
    probe = node.start(on, sweep);
  }

  private Probe running() {
    return Objects.requireNonNull(probe, "not started");
  }

  private void spec(NodeRequirement... requirements) {
    api.spec(new NodeBacklogSpec(Arrays.asList(requirements)));
  }

  private NodeRequirement enforce(int minimum) {
    return enforce(minimum, null);
  }

  private NodeRequirement enforce(@Nullable Integer minimum, @Nullable Integer maximum) {
    return HandMadeNode.enforce(minimum, maximum, List.of(uid));
  }

  private int backlog(Inhabitant where, Inhabitant.Socket socket) {
    return node.look(where, socket).backlog();
  }

  private int somaxconn() {
    try {
      return kernel.namespaces().visit(pod.pid(), pod.namespace(), there -> there.somaxconn());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @Needs({Need.TRACEFS, Need.INITIAL_PID_NAMESPACE})
  void aBornListenerIsRaisedLongBeforeTheNextSweep() throws IOException {
    start(kernel, RARELY);
    spec(enforce(64));
    await().until(api::observed);
    await().until(() -> told("Births").equals("True"));

    var v4 = pod.listen("0.0.0.0", 9876, 5);
    var v6 = pod.listen("::", 9877, 5, "v6only");

    await().until(() -> backlog(pod, v4) == 64 && backlog(pod, v6) == 64);
    await().until(() -> api.status().orElseThrow().listeners().size() == 2);
    var told = api.status().orElseThrow().listeners().getFirst();
    assertThat(told.address()).isEqualTo("0.0.0.0:9876");
    assertThat(told.requested()).isEqualTo(5);
    assertThat(told.inode()).isEqualTo(v4.inode());
    assertThat(told.pid()).isEqualTo(pod.pid());
    assertThat(running().tally().sweeps.get()).isLessThan(3);
  }

  @Test
  void withoutTracefsSweepsFindEverything() throws IOException {
    start(new WithoutEvents(kernel), OFTEN);
    spec(enforce(64));
    await().until(api::observed);
    assertThat(told("Births")).isEqualTo("False");

    var socket = pod.listen("0.0.0.0", 9876, 5);

    await().until(() -> backlog(pod, socket) == 64);
  }

  @Test
  void everyListenerOfAGroupIsRaisedAndStrangersAreNot() throws IOException {
    try (var other = node.settle(stranger);
        var outside = Inhabitant.settle()) {
      var first = pod.listen("0.0.0.0", 9876, 5, "reuseport");
      var second = pod.listen("0.0.0.0", 9876, 6, "reuseport");
      var mapped = pod.listen("::ffff:127.0.0.1", 9877, 7);
      var strangers = other.listen("0.0.0.0", 9876, 5);
      var nobodys = outside.listen("0.0.0.0", 9876, 5);
      start(new WithoutEvents(kernel), OFTEN);
      spec(enforce(64));
      await().until(api::observed);

      assertThat(backlog(pod, first)).isEqualTo(64);
      assertThat(backlog(pod, second)).isEqualTo(64);
      assertThat(backlog(pod, mapped)).isEqualTo(64);
      assertThat(backlog(other, strangers)).isEqualTo(5);
      assertThat(backlog(outside, nobodys)).isEqualTo(5);
      other.die();
    }
  }

  @Test
  void whatIsNoLongerAskedForIsUndone() throws IOException {
    pod.somaxconn(50);
    var socket = pod.listen("0.0.0.0", 9876, 5);
    start(kernel, OFTEN);
    spec(enforce(64));
    await().until(api::observed);
    assertThat(backlog(pod, socket)).isEqualTo(64);
    assertThat(somaxconn()).isEqualTo(64);

    spec();
    await().until(api::observed);

    assertThat(backlog(pod, socket)).isEqualTo(5);
    assertThat(somaxconn()).isEqualTo(50);
    assertThat(api.status().orElseThrow().restorations()).hasSize(2);
  }

  @Test
  void aRestartedProbeUndoesWhatTheOneBeforeItDid() throws IOException {
    var socket = pod.listen("0.0.0.0", 9876, 5);
    start(kernel, OFTEN);
    spec(enforce(5000));
    await().until(api::observed);
    running().close();
    assertThat(backlog(pod, socket)).isEqualTo(5000);

    start(kernel, OFTEN);
    spec();
    await().until(api::observed);

    assertThat(backlog(pod, socket)).isEqualTo(5);
    assertThat(somaxconn()).isEqualTo(4096);
  }

  @Test
  void withoutAnApiItGoesOnWithTheLastSpec() throws IOException {
    start(kernel, OFTEN);
    spec(enforce(64));
    await().until(api::observed);
    running().close();
    api.close();
    var socket = pod.listen("0.0.0.0", 9876, 5);

    start(kernel, OFTEN);

    // Not before a minute: the spec may be an old one.
    await().atMost(Duration.ofSeconds(90)).until(() -> backlog(pod, socket) == 64);
  }

  @Test
  void aDeletedNodeBacklogUndoesNothingAndGetsItsStatusBack() throws IOException {
    var socket = pod.listen("0.0.0.0", 9876, 5);
    start(kernel, OFTEN);
    spec(enforce(64));
    await().until(api::observed);
    long sweeps = running().tally().sweeps.get();

    api.delete();
    await().until(() -> running().tally().sweeps.get() > sweeps + 3);
    assertThat(backlog(pod, socket)).isEqualTo(64);

    spec(enforce(64));
    await().until(api::observed);
    assertThat(api.status().orElseThrow().listeners().getFirst().requested()).isEqualTo(5);
    assertThat(backlog(pod, socket)).isEqualTo(64);
  }

  @Test
  void anApplicationThatSetsItsOwnValueIsRaisedAgain() throws IOException {
    var socket = pod.listen("0.0.0.0", 9876, 5);
    start(kernel, OFTEN);
    spec(enforce(64));
    await().until(api::observed);

    socket.listen(10);

    await().until(() -> backlog(pod, socket) == 64);
  }

  @Test
  void aPodWhoseProcessesAreASandboxIsSaidToBeOutOfSight(@TempDir Path bin) throws Exception {
    var runsc = bin.resolve("runsc"); // sleep(1), but that is not seen from outside
    Files.copy(Path.of("/bin/sleep"), runsc, StandardCopyOption.COPY_ATTRIBUTES);
    var sandbox = new ProcessBuilder("unshare", "--net", runsc.toString(), "600").start();
    try {
      String executable = "/proc/" + sandbox.pid() + "/exe";
      await().until(() -> Path.of(executable).toRealPath().equals(runsc.toRealPath()));
      pod.die();
      node.put(sandbox.pid(), uid);
      start(new WithoutEvents(kernel), OFTEN);
      spec(enforce(64));

      await().until(api::observed);

      await().until(() -> told("Visibility").equals("False"));
      assertThat(api.status().orElseThrow().capabilities())
          .anySatisfy(
              each ->
                  assertThat(each.message())
                      .contains(
                          "shop/api-0: its processes on the node are those of a sandbox (runsc)"));
    } finally {
      sandbox.destroyForcibly().waitFor();
    }
  }

  @Test
  void aSynFloodIsToldOfItsListenerWithWhatTheKernelDid() throws IOException {
    var flooded = pod.listen("0.0.0.0", 7100, 100);
    pod.listen("0.0.0.0", 7101, 100);
    start(kernel, OFTEN);
    spec(enforce(64));
    await().until(api::observed);
    assertThat(told("KernelLog")).isEqualTo("True");

    pod.flood(7100, 300);
    int atFirst = synReceived(flooded);

    var flood = flood("0.0.0.0:7100", 199);
    assertThat(flood.cookies()).isBetween(199L, 200L);
    assertThat(flood.drops()).isZero();
    // What there was when the probe looked: after seven seconds without an ACK the kernel gives up
    // those that are more than half of the backlog (net/ipv4/inet_connection_sock.c,
    // reqsk_timer_handler).
    assertThat(atFirst).isBetween(100, 101);
    assertThat(flood.synReceived()).isBetween(synReceived(flooded), atFirst).isBetween(50, 101);
    assertThat(flood.limit()).isEqualTo(100);
    assertThat(flood.limitedBy()).isEqualTo("backlog");
    assertThat(flood.logged()).isTrue();
    assertThat(api.status().orElseThrow().listeners()).hasSize(1);
  }

  private int synReceived(Inhabitant.Socket socket) throws IOException {
    Map<ListenerId, Integer> now =
        kernel
            .namespaces()
            .visit(
                pod.pid(),
                pod.namespace(),
                there -> there.listeners().synReceived(List.of(socket.id())));
    return now.getOrDefault(socket.id(), 0);
  }

  @Test
  void withoutCookiesAFloodIsToldAsDroppedRequests() throws IOException {
    pod.sysctl("net/ipv4/tcp_syncookies", 0);
    pod.sysctl("net/ipv4/tcp_max_syn_backlog", 128);
    pod.listen("0.0.0.0", 7102, 100); // three quarters of 128 are less
    pod.listen("0.0.0.0", 7103, 64);
    start(kernel, OFTEN);
    spec(enforce(64));
    await().until(api::observed);

    pod.flood(7102, 300);

    var silent = flood("0.0.0.0:7102", 300 - 97);
    assertThat(silent.drops()).isEqualTo(300 - 97);
    assertThat(silent.limitedBy()).isEqualTo("net.ipv4.tcp_max_syn_backlog");
    assertThat(silent.logged()).isFalse();

    pod.flood(7103, 300);

    var dropping = flood("0.0.0.0:7103", 235);
    assertThat(dropping.cookies()).isZero();
    assertThat(dropping.drops()).isBetween(235L, 236L);
    assertThat(dropping.limitedBy()).isEqualTo("backlog");
    assertThat(flood("0.0.0.0:7102", 300 - 97).drops()).isEqualTo(300 - 97);
  }

  /** A look in the middle of it tells a part. */
  private SynFlood flood(String address, long least) {
    await()
        .until(
            () -> toldFlood(address).filter(it -> it.cookies() + it.drops() >= least).isPresent());
    return toldFlood(address).orElseThrow();
  }

  private Optional<SynFlood> toldFlood(String address) {
    return api.status().orElseThrow().listeners().stream()
        .filter(each -> each.address().equals(address))
        .flatMap(each -> Optional.ofNullable(each.synFlood()).stream())
        .findFirst();
  }

  @ParameterizedTest
  @CsvSource({"1, EPERM", "38, ENOSYS"})
  @Needs({Need.TRACEFS, Need.INITIAL_PID_NAMESPACE})
  void underASeccompFilterItSaysWhatIsRefusedAndDoesTheRest(int errno, String name)
      throws Exception {
    pod.somaxconn(50);
    var socket = pod.listen("0.0.0.0", 9876, 5);
    // The threads of both have the filter too.
    filtered =
        new Seccomp(Seccomp.PIDFD_GETFD, errno)
            .under(
                () -> {
                  var anew = node.anotherKernel(new LibC());
                  start(anew, OFTEN);
                  return anew;
                });
    spec(enforce(64));

    await().until(api::observed);

    var status = api.status().orElseThrow();
    assertThat(status.capabilities())
        .filteredOn(each -> each.type().equals("Relisten"))
        .singleElement()
        .satisfies(
            relisten -> {
              assertThat(relisten.status()).isEqualTo("False");
              assertThat(relisten.message()).contains("pidfd_getfd", name);
            });
    assertThat(status.listeners())
        .singleElement()
        .satisfies(
            listener -> {
              assertThat(listener.verdict().undersized()).isTrue();
              var hindrance = Objects.requireNonNull(listener.hindrance(), "no hindrance");
              assertThat(hindrance.reason()).isEqualTo("RemedyUnavailable");
              assertThat(hindrance.message()).contains("pidfd_getfd", name);
            });
    assertThat(backlog(pod, socket)).isEqualTo(5);
    assertThat(somaxconn()).isEqualTo(64);
    await().until(() -> told("Births").equals("True"));
  }

  @Test
  void anOverflowIsToldAndTheBacklogGrowsUpToItsMaximum() throws IOException {
    var socket = pod.listen("0.0.0.0", 9876, 5);
    start(kernel, OFTEN);
    spec(enforce(null, 20));
    await().until(api::observed);
    assertThat(backlog(pod, socket)).isEqualTo(5);

    // Who does not get in tries again each second, for which the kernel counts a drop each time.
    for (int client = 0; client < 30; client++) pod.connect("127.0.0.1", 9876);

    await().until(() -> node.look(pod, socket).equals(full(socket, 10)));
    await().until(() -> node.look(pod, socket).equals(full(socket, 20)));
    await().until(() -> api.status().orElseThrow().listeners().getFirst().backlog() == 20);
    var told = api.status().orElseThrow().listeners().getFirst();
    var overflow = Objects.requireNonNull(told.overflow());
    assertThat(overflow.attempts()).isBetween(1L, node.look(pod, socket).drops());
    var growth = Objects.requireNonNull(told.growth());
    assertThat(growth.from()).isEqualTo(10);
    assertThat(growth.to()).isEqualTo(20);
    assertThat(told.requested()).isEqualTo(5);
    assertThat(told.required()).isEqualTo(20);

    spec();
    await().until(api::observed);
    assertThat(backlog(pod, socket)).isEqualTo(5);
  }

  /** As it is now, with all the connections that it holds. */
  private Listener full(Inhabitant.Socket socket, int backlog) {
    long drops = node.look(pod, socket).drops();
    return new Listener(socket.id(), socket.inode(), backlog + 1, backlog, drops);
  }

  @Test
  void dropsThatAreNoOverflowsAreNotTold() throws IOException {
    var stray = pod.listen("0.0.0.0", 9876, 5);
    var deferring = pod.bind("0.0.0.0", 9877);
    deferring.deferAccept();
    deferring.listen(20); // whoever is deferred waits in the SYN queue, which may not be full
    start(kernel, OFTEN);
    spec(enforce(null, 20));
    await().until(api::observed);

    for (int i = 0; i < 10; i++) {
      pod.strayReset(9876);
      pod.connect("127.0.0.1", 9877);
    }
    long sweeps = running().tally().sweeps.get();
    await().until(() -> running().tally().sweeps.get() > sweeps + 3);

    assertThat(node.look(pod, stray).drops()).isEqualTo(10);
    assertThat(node.look(pod, deferring).drops()).isPositive();
    assertThat(api.status().orElseThrow().listeners()).isEmpty();
    assertThat(running().tally().grown).hasValue(0);
  }

  @Test
  void itTellsItsMetricsAndHealth() throws IOException, InterruptedException {
    pod.listen("0.0.0.0", 9876, 5);
    start(kernel, OFTEN);
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    spec(enforce(64));
    await().until(api::observed);

    await().until(() -> get("/readyz").statusCode() == 200);
    assertThat(get("/metrics").body().lines())
        .anyMatch(
            line ->
                line.startsWith("listenbacklog_listener_backlog{namespace=\"shop\",pod=\"api-0\"")
                    && line.contains("address=\"0.0.0.0:9876\"")
                    && line.endsWith(" 64"));
  }

  /** The kubelet would kill a probe for it. */
  @Test
  void whoSendsHalfARequestKeepsNobodyFromItsHealth() throws IOException {
    start(kernel, OFTEN);
    try (var one = halfARequest();
        var two = halfARequest();
        var three = halfARequest()) {
      await().until(() -> get("/livez").statusCode() == 200);
      assertThat(List.of(one, two, three)).allMatch(Socket::isConnected);
    }
  }

  private Socket halfARequest() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), running().healthPort());
    socket.getOutputStream().write("GET /me".getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      int port = path.equals("/metrics") ? running().metricsPort() : running().healthPort();
      var uri = URI.create("http://127.0.0.1:" + port + path);
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  /** The status of a capability. */
  private String told(String capability) {
    return api.status().orElseThrow().capabilities().stream()
        .filter(each -> each.type().equals(capability))
        .findFirst()
        .orElseThrow()
        .status();
  }

  /** A kernel without tracefs. */
  private record WithoutEvents(NodeKernel kernel) implements WrappedKernel {
    @Override
    public KernelEvents openEvents() throws IOException {
      throw new IOException("no tracefs, says the test");
    }
  }
}
