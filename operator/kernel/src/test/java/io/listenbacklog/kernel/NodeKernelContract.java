package io.listenbacklog.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.kernel.World.Place;
import io.listenbacklog.kernel.World.Socket;
import io.listenbacklog.kernel.World.UnixSocket;
import io.listenbacklog.kernel.events.KernelEvent;
import io.listenbacklog.kernel.events.KernelEvent.ListenerBorn;
import io.listenbacklog.kernel.log.FloodWarning;
import io.listenbacklog.kernel.netns.NamespaceGoneException;
import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.netns.NetCounters;
import io.listenbacklog.kernel.netns.NetworkNamespaces.Visit;
import io.listenbacklog.kernel.relisten.RelistenResult;
import io.listenbacklog.kernel.relisten.RelistenResult.Changed;
import io.listenbacklog.kernel.relisten.RelistenResult.Gone;
import io.listenbacklog.kernel.relisten.RelistenResult.Unneeded;
import io.listenbacklog.kernel.socket.AcceptQueue;
import io.listenbacklog.kernel.socket.Connection;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.socket.SocketId;
import io.listenbacklog.kernel.socket.UnixListener;
import io.listenbacklog.kernel.socket.UnixListenerTable;
import io.listenbacklog.kernel.threads.BlockedCall;
import io.listenbacklog.kernel.threads.FdTarget;
import io.listenbacklog.kernel.threads.ThreadFacts.Condition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules that hold on Linux, and that the kernel in memory keeps too. */
abstract class NodeKernelContract {
  private static final int PORT = 9876;

  private World world;
  private Place place;

  abstract World world();

  @BeforeEach
  void settle() {
    world = world();
    place = world.place();
  }

  @AfterEach
  void leave() {
    world.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "127.0.0.1", "::", "::1", "::ffff:127.0.0.1"})
  void aListenerIsSeenByEveryWayOfLooking(String address) throws IOException {
    var socket = place.listen(address, PORT, 5);
    var expected = new Listener(socket.id(), socket.inode(), 0, 5, 0);

    assertThat(all()).containsExactly(expected);
    assertThat(onPort(PORT)).containsExactly(expected);
    assertThat(onPort(PORT + 1)).isEmpty();
    assertThat(look(socket)).isEqualTo(expected);
  }

  @Test
  void aBacklogIsClampedBySomaxconnOfItsOwnNamespace() throws IOException {
    place.somaxconn(50);
    world.place().somaxconn(8192);

    assertThat(look(place.listen("0.0.0.0", PORT, 5000)).backlog()).isEqualTo(50);
    assertThat(look(place.listen("0.0.0.0", PORT + 1, Integer.MAX_VALUE)).backlog()).isEqualTo(50);
  }

  @Test
  void somaxconnChangesNoListenerThatIsThere() throws IOException {
    var socket = place.listen("0.0.0.0", PORT, 5000);

    int readBack = inside(there -> there.writeSomaxconn(60));

    assertThat(look(socket).backlog()).isEqualTo(4096);
    assertThat(readBack).isEqualTo(60);
    int somaxconn = inside(NamespaceView::somaxconn);
    assertThat(somaxconn).isEqualTo(60);
  }

  @Test
  void maxSynBacklogIsWrittenAndReadBackInItsOwnNamespaceAlone() throws IOException {
    var elsewhere = world.place();
    place.tcpMaxSynBacklog(128);
    elsewhere.tcpMaxSynBacklog(128);

    int readBack = inside(there -> there.writeTcpMaxSynBacklog(4096));

    assertThat(readBack).isEqualTo(4096);
    int here = inside(NamespaceView::tcpMaxSynBacklog);
    assertThat(here).isEqualTo(4096);
    int there =
        world
            .kernel()
            .namespaces()
            .visit(elsewhere.pid(), elsewhere.namespace(), NamespaceView::tcpMaxSynBacklog);
    assertThat(there).isEqualTo(128);
  }

  @Test
  void aBacklogOfTwoHoldsThreeAndTheFourthIsDroppedAndCounted() throws IOException {
    var socket = place.listen("0.0.0.0", PORT, 2);

    for (int client = 0; client < 3; client++) {
      assertThat(place.connect(socket, PORT)).isTrue();
    }
    assertThat(look(socket)).isEqualTo(new Listener(socket.id(), socket.inode(), 3, 2, 0));
    assertThat(place.connect(socket, PORT)).isFalse();

    assertThat(look(socket).drops()).isPositive();
    assertThat(counters().listenOverflows()).isPositive();
    assertThat(counters().listenDrops()).isPositive();
  }

  /** The listener's drops are an upper bound: only ListenOverflows proves. */
  @Test
  void aClientThatTheKernelDefersIsADropAndNoOverflow() throws IOException {
    var socket = place.bind("0.0.0.0", PORT, false);
    socket.deferAccept();
    socket.listen(5);

    assertThat(place.connect(socket, PORT)).isTrue();

    assertThat(look(socket).queue()).isZero();
    assertThat(look(socket).drops()).isEqualTo(1);
    assertThat(counters()).isEqualTo(new NetCounters(0, 0, 0, 0));
  }

  @Test
  void whetherAListenerDefersAcceptingIsReadFromACopy() throws IOException {
    var socket = place.bind("0.0.0.0", PORT, false);
    socket.listen(5);
    assertThat(defersAccepting(socket)).contains(false);

    socket.deferAccept();
    assertThat(defersAccepting(socket)).contains(true);
    assertThat(look(socket).backlog()).isEqualTo(5);

    int fd = socket.fd();
    socket.close();
    assertThat(defersAccepting(socket, fd)).isEmpty();
  }

  private Optional<Boolean> defersAccepting(Socket socket) throws IOException {
    return defersAccepting(socket, socket.fd());
  }

  private Optional<Boolean> defersAccepting(Socket socket, int fd) throws IOException {
    return inside(
        there ->
            world
                .kernel()
                .relisten()
                .defersAccepting(there, place.pid(), fd, socket.inode(), socket.id()));
  }

  @Test
  void allThatWereEverConnectedAreInQueuesUntilOneIsAccepted() throws IOException {
    var socket = place.listen("0.0.0.0", PORT, 5);
    assertThat(place.connect(socket, PORT)).isTrue();
    assertThat(place.connect(socket, PORT)).isTrue();

    assertThat((long) inside(NamespaceView::passiveOpens)).isEqualTo(2);
    assertThat(waiting()).hasSize(2);

    socket.accept();
    assertThat((long) inside(NamespaceView::passiveOpens)).isEqualTo(2);
    assertThat(waiting()).hasSize(1);
    assertThat(look(socket).queue()).isEqualTo(1);
  }

  private List<Connection> waiting() throws IOException {
    return inside(there -> there.connections().waiting());
  }

  @Test
  void aStrayResetIsADropAndNoOverflow() throws IOException {
    var socket = place.listen("0.0.0.0", PORT, 5);

    place.strayReset(socket, PORT);

    assertThat(look(socket).drops()).isEqualTo(1);
    assertThat(counters()).isEqualTo(new NetCounters(0, 0, 0, 0));
  }

  @Test
  void aFullSynQueueSendsCookiesAndWarnsOnceInTheLog() throws IOException {
    var socket = place.listen("0.0.0.0", PORT + 77, 5);
    int before = warnings(socket).size();

    place.flood(socket, PORT + 77, 100);
    place.flood(socket, PORT + 77, 100);

    // Five or six wait, by the kernel's patch level.
    assertThat(counters().requestQueueFullCookies()).isBetween(194L, 195L);
    assertThat(counters().requestQueueFullDrops()).isZero();
    assertThat(counters().listenDrops()).isZero();
    assertThat(look(socket).drops()).isZero();
    assertThat(warnings(socket)).hasSize(before + 1).last().matches(FloodWarning::cookies);
  }

  @Test
  void withoutCookiesAFullSynQueueDropsAndWarns() throws IOException {
    place.synCookies(0);
    var socket = place.listen("0.0.0.0", PORT + 78, 5);
    int before = warnings(socket).size();

    place.flood(socket, PORT + 78, 100);

    assertThat(counters().requestQueueFullDrops()).isBetween(94L, 95L);
    assertThat(counters().requestQueueFullCookies()).isZero();
    assertThat(counters().listenDrops()).isEqualTo(counters().requestQueueFullDrops());
    assertThat(look(socket).drops()).isEqualTo(counters().requestQueueFullDrops());
    assertThat(counters().listenOverflows()).isZero();
    assertThat(warnings(socket)).hasSize(before + 1).last().matches(each -> !each.cookies());
  }

  @Test
  void withoutCookiesThreeQuartersOfTcpMaxSynBacklogDropWithoutAWord() throws IOException {
    place.synCookies(0);
    place.tcpMaxSynBacklog(128);
    var socket = place.listen("0.0.0.0", PORT + 79, 1000);
    int before = warnings(socket).size();

    place.flood(socket, PORT + 79, 200);

    assertThat(counters()).isEqualTo(new NetCounters(0, 200 - 97, 0, 0));
    assertThat(look(socket).drops()).isEqualTo(200 - 97);
    assertThat(warnings(socket)).hasSize(before);
  }

  @Test
  void cookiesForEverySynAreNoSignOfLoad() throws IOException {
    place.synCookies(2);
    var socket = place.listen("0.0.0.0", PORT + 80, 5);
    int before = warnings(socket).size();

    place.flood(socket, PORT + 80, 100);

    assertThat(counters()).isEqualTo(new NetCounters(0, 0, 100, 0));
    assertThat(warnings(socket)).hasSize(before);
  }

  @Test
  void whoWaitsForTheLastAckIsCountedByListener() throws IOException {
    var flooded = place.listen("0.0.0.0", PORT, 200);
    var dual = place.listen("::", PORT + 1, 200);
    var quiet = place.listen("127.0.0.1", PORT + 2, 200);
    var ids = List.of(flooded.id(), dual.id(), quiet.id());
    assertThat(synReceived(ids)).isEmpty();

    place.flood(flooded, PORT, 70);
    place.flood(dual, PORT + 1, 7);

    assertThat(synReceived(ids)).isEqualTo(Map.of(flooded.id(), 70, dual.id(), 7));
    assertThat(synReceived(List.of(quiet.id()))).isEmpty();
    assertThat(look(flooded).queue()).isZero();
    var elsewhere = world.place();
    var there = elsewhere.listen("0.0.0.0", PORT, 200);
    Map<ListenerId, Integer> ofOthers =
        world
            .kernel()
            .namespaces()
            .visit(
                elsewhere.pid(),
                elsewhere.namespace(),
                view -> view.listeners().synReceived(List.of(there.id())));
    assertThat(ofOthers).isEmpty();
  }

  private Map<ListenerId, Integer> synReceived(List<ListenerId> ids) throws IOException {
    return inside(there -> there.listeners().synReceived(ids));
  }

  @Test
  void theSysctlsOfTheSynQueueAreTheNamespacesOwn() throws IOException {
    place.synCookies(0);
    place.tcpMaxSynBacklog(77);
    var other = world.place();

    assertThat((int) inside(NamespaceView::synCookies)).isZero();
    assertThat((int) inside(NamespaceView::tcpMaxSynBacklog)).isEqualTo(77);
    int elsewhere =
        world
            .kernel()
            .namespaces()
            .visit(other.pid(), other.namespace(), NamespaceView::synCookies);
    assertThat(elsewhere).isEqualTo(1);
  }

  private List<FloodWarning> warnings(Socket socket) throws IOException {
    return world.kernel().log().floods().stream()
        .filter(each -> each.mayName(socket.id()))
        .toList();
  }

  @Test
  void acceptMakesRoom() throws IOException {
    var socket = place.listen("0.0.0.0", PORT, 0);
    place.connect(socket, PORT);

    socket.accept();

    assertThat(look(socket).queue()).isZero();
    assertThat(place.connect(socket, PORT)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "127.0.0.1", "::", "::1", "::ffff:127.0.0.1"})
  void whoWaitsIsSeenWithWhatHeHasSent(String address) throws IOException {
    var socket = place.listen(address, PORT, 5);
    place.listen("127.0.0.2", PORT + 1, 5);
    place.connect(socket, PORT);
    place.send(384);

    var queue = queues(PORT).getFirst();

    assertThat(queues(PORT)).hasSize(1);
    assertThat(queue.listeners())
        .containsExactly(new Listener(socket.id(), socket.inode(), 1, 5, 0));
    assertThat(queue.waiting()).hasSize(1);
    var waiting = queue.waiting().getFirst();
    assertThat(waiting.unreadBytes()).isEqualTo(384);
    assertThat(waiting.waits()).isTrue();
    assertThat(waiting.local().port()).isEqualTo(PORT);
    assertThat(queues(PORT + 1).getFirst().waiting()).isEmpty();
    assertThat(queues(PORT + 2)).isEmpty();
  }

  @Test
  void whoCameFirstIsAcceptedFirst() throws IOException {
    var socket = place.listen("0.0.0.0", PORT, 5);
    place.connect(socket, PORT);
    place.send(1);
    place.connect(socket, PORT);
    place.send(2);

    socket.accept();

    assertThat(queues(PORT).getFirst().waiting())
        .extracting(Connection::unreadBytes)
        .containsExactly(2L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "127.0.0.1", "::", "::1"})
  void whatWasAcceptedAndIsOpenIsCounted(String address) throws IOException {
    var socket = place.listen(address, PORT, 5);
    for (int client = 0; client < 3; client++) place.connect(socket, PORT);
    assertThat(open(socket)).hasValue(0);

    socket.accept();
    socket.accept();

    assertThat(open(socket)).hasValue(2);
  }

  @Test
  void whatAnotherListenerOfThePortAcceptedIsNotCounted() throws IOException {
    var all = place.bind("0.0.0.0", PORT, true);
    all.listen(5);
    var one = place.bind("127.0.0.1", PORT, true);
    one.listen(5);
    place.connect(one, PORT);
    one.accept();

    assertThat(open(one)).hasValue(1);
    assertThat(open(all)).hasValue(0);
  }

  @Test
  void whoResetsHisConnectionIsCountedAndNotSeen() throws IOException {
    var socket = place.listen("0.0.0.0", PORT, 5);
    place.connect(socket, PORT);
    place.connect(socket, PORT);
    place.reset();

    var queue = queues(PORT).getFirst();

    assertThat(queue.listeners().getFirst().queue()).isEqualTo(2);
    assertThat(queue.waiting()).hasSize(1);
  }

  @Test
  void aGroupHasOneQueueAsFarAsCanBeSeen() throws IOException {
    var first = place.bind("0.0.0.0", PORT, true);
    first.listen(5);
    var second = place.bind("0.0.0.0", PORT, true);
    second.listen(5);
    place.connect(first, PORT);

    var queue = queues(PORT).getFirst();

    assertThat(queue.listeners())
        .extracting(Listener::inode)
        .containsExactlyInAnyOrder(first.inode(), second.inode());
    assertThat(queue.waiting()).hasSize(1);
  }

  @Test
  void listenersOfOnePortHaveQueuesOfTheirOwn() throws IOException {
    place.listen("127.0.0.2", PORT, 5);
    var socket = place.listen("127.0.0.1", PORT, 5);
    place.connect(socket, PORT);

    for (var queue : queues(PORT)) {
      boolean meant = queue.listeners().getFirst().inode() == socket.inode();
      assertThat(queue.waiting()).hasSize(meant ? 1 : 0);
    }
  }

  @Test
  void aThreadIsSeenInTheCallItWaitsIn() throws IOException {
    var threads = world.kernel().threads();

    assertThat(threads.of(place.pid(), 100)).containsExactly(place.pid());
    // The answer was written before it began to wait for the next command.
    await().until(() -> threads.facts(place.pid(), place.pid()).orElseThrow().call() != null);
    var facts = threads.facts(place.pid(), place.pid()).orElseThrow();
    assertThat(facts.condition()).isEqualTo(Condition.SLEEPING);
    assertThat(facts.isMain()).isTrue();
    assertThat(facts.name()).startsWith("python3");
    assertThat(facts.call()).isEqualTo(new BlockedCall("read", 0, new FdTarget("pipe", 0)));
  }

  @Test
  void aDescriptorLeadsToItsSocket() throws IOException {
    var socket = place.listen("0.0.0.0", PORT, 5);
    var threads = world.kernel().threads();

    assertThat(threads.descriptor(place.pid(), socket.fd()))
        .contains(new FdTarget("socket", socket.inode()));
    assertThat(threads.descriptor(place.pid(), 999)).isEmpty();
  }

  @Test
  void knownListenersComeInTheOrderThatTheyWereAskedForWithoutThoseThatAreGone()
      throws IOException {
    var sockets = new ArrayList<Socket>();
    for (int port = 1000; port < 1100; port++) sockets.add(place.listen("0.0.0.0", port, 5));
    sockets.get(3).close();
    var ids = sockets.stream().map(Socket::id).toList().reversed();

    var found = known(ids).stream().map(Listener::id).toList();

    var expected = new ArrayList<>(ids);
    expected.remove(sockets.get(3).id());
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void allMembersOfAGroupAreFoundAndRaisedOneByOne() throws IOException {
    var group = new ArrayList<Socket>();
    for (int member = 0; member < 8; member++) {
      var socket = place.bind("0.0.0.0", PORT, true);
      socket.listen(5);
      group.add(socket);
    }
    var ids = group.stream().map(Socket::id).toList();
    assertThat(known(ids)).extracting(Listener::id).containsExactlyElementsOf(ids);

    assertThat(raise(group.get(5), 64)).isEqualTo(new Changed(5, 64));

    assertThat(known(ids)).extracting(Listener::backlog).containsExactly(5, 5, 5, 5, 5, 64, 5, 5);
  }

  @Test
  void aListenerOfAnotherNamespaceIsNotSeen() throws IOException {
    var elsewhere = world.place();
    var socket = elsewhere.listen("0.0.0.0", PORT, 5);

    assertThat(all()).isEmpty();
    assertThat(known(List.of(socket.id()))).isEmpty();
  }

  @Test
  void aRaiseIsReadBackAndThenUnneeded() throws IOException {
    var socket = place.listen("0.0.0.0", PORT, 5);

    assertThat(raise(socket, 64)).isEqualTo(new Changed(5, 64));

    assertThat(look(socket).backlog()).isEqualTo(64);
    assertThat(raise(socket, 64)).isEqualTo(new Unneeded(64));
  }

  @Test
  void aRaiseLetsClientsIn() throws IOException {
    var socket = place.listen("0.0.0.0", PORT, 1);
    place.connect(socket, PORT);
    place.connect(socket, PORT);
    assertThat(place.connect(socket, PORT)).isFalse();

    raise(socket, 64);

    assertThat(place.connect(socket, PORT)).isTrue();
  }

  /** The application closed it after it was looked at. */
  @Test
  void aRaiseOpensNoClosedDoor() throws IOException {
    var socket = place.listen("0.0.0.0", PORT, 5);
    socket.listen(0);

    assertThat(raise(socket, 64)).isEqualTo(new Unneeded(0));

    assertThat(look(socket).backlog()).isZero();
  }

  @Test
  void oneThatHasBeenZeroFromTheBeginningIsRaisedWhereThatIsMeant() throws IOException {
    var socket = place.listen("0.0.0.0", PORT, 0);

    var result =
        inside(
            there ->
                world
                    .kernel()
                    .relisten()
                    .raiseFromZero(
                        there, place.pid(), socket.fd(), socket.inode(), socket.id(), 64));

    assertThat(result).isEqualTo(new Changed(0, 64));
    assertThat(look(socket).backlog()).isEqualTo(64);
  }

  @Test
  void aRaiseNeverLowers() throws IOException {
    var socket = place.listen("0.0.0.0", PORT, 128);
    assertThat(raise(socket, 64)).isEqualTo(new Unneeded(128));

    place.somaxconn(32);

    assertThat(raise(socket, 1024)).isEqualTo(new Unneeded(128));
    assertThat(look(socket).backlog()).isEqualTo(128);
  }

  @Test
  void aRaiseIsCappedBySomaxconn() throws IOException {
    place.somaxconn(32);
    var socket = place.listen("0.0.0.0", PORT, 5);

    assertThat(raise(socket, 1024)).isEqualTo(new Changed(5, 32));
    assertThat(raise(socket, 1024)).isEqualTo(new Unneeded(32));
  }

  @Test
  void aRestorePutsTheOriginalBack() throws IOException {
    var socket = place.listen("0.0.0.0", PORT, 5);
    raise(socket, 64);

    assertThat(restore(socket, 64, 5)).isEqualTo(new Changed(64, 5));

    assertThat(look(socket).backlog()).isEqualTo(5);
  }

  @Test
  void aRestoreLeavesWhatSomeoneElseHasSet() throws IOException {
    var socket = place.listen("0.0.0.0", PORT, 5);
    raise(socket, 64);
    socket.listen(100);

    assertThat(restore(socket, 64, 5)).isEqualTo(new Unneeded(100));

    assertThat(look(socket).backlog()).isEqualTo(100);
  }

  @Test
  void aSocketThatIsOnlyBoundIsNeitherSeenNorStarted() throws IOException {
    var socket = place.bind("0.0.0.0", PORT, false);

    assertThat(raise(socket, 64)).isInstanceOf(Gone.class);

    assertThat(all()).isEmpty();
  }

  @Test
  void aSocketThatWasClosedIsGone() throws IOException {
    var socket = place.listen("0.0.0.0", PORT, 5);
    int fd = socket.fd();
    socket.close();

    assertThat(raise(fd, socket.inode(), socket.id())).isInstanceOf(Gone.class);
  }

  @Test
  void anotherSocketBehindTheFdIsLeftAlone() throws IOException {
    var meant = place.listen("0.0.0.0", PORT, 5);
    var other = place.listen("0.0.0.0", PORT + 1, 5);

    assertThat(raise(other.fd(), meant.inode(), meant.id())).isInstanceOf(Gone.class);

    assertThat(look(meant).backlog()).isEqualTo(5);
    assertThat(look(other).backlog()).isEqualTo(5);
  }

  @Test
  void anInheritedSocketIsOneListenerAndRaisedForAll() throws IOException {
    var socket = place.listen("0.0.0.0", PORT, 5);
    int fd = socket.fd();
    int child = place.fork();

    assertThat(all()).hasSize(1);
    assertThat(world.kernel().processes().sockets(child)).containsEntry(socket.inode(), fd);
    assertThat(raise(child, fd, socket.inode(), socket.id(), 64)).isEqualTo(new Changed(5, 64));

    assertThat(look(socket).backlog()).isEqualTo(64);
  }

  @Test
  void aNetworkNamespaceHasAMarkOfItsOwn() throws IOException {
    var processes = world.kernel().processes();
    var mark = processes.networkMark(place.pid());
    var sibling = world.place();

    assertThat(mark).isPresent();
    assertThat(processes.networkMark(sibling.pid())).isPresent().isNotEqualTo(mark);
    assertThat(processes.networkMark(place.pid())).isEqualTo(mark);
    assertThat(processes.unlisted()).isEmpty();
    assertThat(processes.mountedNamespaces(place.pid())).doesNotContain(place.namespace());
  }

  @Test
  void theSocketsOfAProcessAreReadInParts() throws IOException {
    for (int port = 1000; port < 1040; port++) place.listen("0.0.0.0", port, 5);
    var processes = world.kernel().processes();
    var whole = processes.sockets(place.pid());
    var together = new TreeMap<Long, Integer>();
    int parts = 0;
    for (int from = 0; from >= 0; parts++) {
      var part = new ArrayList<Integer>();
      int next =
          processes.sockets(
              place.pid(),
              from,
              7,
              (inode, fd) -> {
                part.add(fd);
                together.putIfAbsent(inode, fd);
              });
      assertThat(part).hasSizeLessThanOrEqualTo(7).isSorted();
      int last = next;
      assertThat(part).allMatch(fd -> last < 0 || fd < last);
      from = next;
    }
    assertThat(parts).isGreaterThan(5);
    assertThat(together).isEqualTo(whole).hasSizeGreaterThanOrEqualTo(40);
  }

  @Test
  void aProcessThatIsGoneIsAnEmptyAnswer() throws IOException {
    var socket = place.listen("0.0.0.0", PORT, 5);
    int fd = socket.fd();
    var processes = world.kernel().processes();
    assertThat(processes.pids()).contains(place.pid()).isSorted();
    assertThat(processes.networkNamespace(place.pid())).hasValue(place.namespace());
    assertThat(processes.threadGroup(place.pid())).hasValue(place.pid());
    assertThat(processes.facts(place.pid()).orElseThrow().command()).startsWith("python3");

    var raisedTooLate =
        inside(
            there -> {
              place.end();
              return world
                  .kernel()
                  .relisten()
                  .raise(there, place.pid(), fd, socket.inode(), socket.id(), 64);
            });

    assertThat(raisedTooLate).isInstanceOf(Gone.class);
    assertThat(processes.pids()).doesNotContain(place.pid());
    assertThat(processes.container(place.pid())).isEmpty();
    assertThat(processes.networkNamespace(place.pid())).isEmpty();
    assertThat(processes.networkMark(place.pid())).isEmpty();
    assertThat(processes.threadGroup(place.pid())).isEmpty();
    assertThat(processes.facts(place.pid())).isEmpty();
    assertThat(processes.sockets(place.pid())).isEmpty();
    assertThat(world.kernel().threads().of(place.pid(), 100)).isEmpty();
    assertThat(world.kernel().threads().facts(place.pid(), place.pid())).isEmpty();
    assertThat(world.kernel().threads().descriptor(place.pid(), 0)).isEmpty();
    assertThatThrownBy(() -> inside(NamespaceView::somaxconn))
        .isInstanceOf(NamespaceGoneException.class);
  }

  /** The pid may have become that of another pod's process during the visit. */
  @Test
  void aProcessOfAnotherNamespaceThanTheVisitedOneIsGone() throws IOException {
    var other = world.place();
    var socket = other.listen("0.0.0.0", PORT, 5);

    assertThat(raise(other.pid(), socket.fd(), socket.inode(), socket.id(), 64))
        .isInstanceOf(Gone.class);
  }

  /** The inner one would bring the thread home while the outer one goes on. */
  @Test
  void aVisitDuringAVisitIsABug() throws IOException {
    var other = world.place();
    for (var inner : List.of(place, other)) {
      assertThatThrownBy(
              () ->
                  inside(
                      _ ->
                          world
                              .kernel()
                              .namespaces()
                              .visit(inner.pid(), inner.namespace(), NamespaceView::somaxconn)))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat((int) inside(NamespaceView::somaxconn)).isPositive();
  }

  @Test
  void aProcessInAnotherNamespaceThanWasThoughtIsNotVisited() {
    assertThatThrownBy(
            () ->
                world
                    .kernel()
                    .namespaces()
                    .visit(place.pid(), place.namespace() + 1, NamespaceView::somaxconn))
        .isInstanceOf(NamespaceGoneException.class)
        .hasMessageContaining(Integer.toString(place.pid()));
  }

  @Test
  void aBirthIsToldAndARaiseIsNot() throws Exception {
    try (var events = world.kernel().openEvents()) {
      var first = place.listen("0.0.0.0", PORT, 5);
      raise(first, 64);
      place.listen("::1", PORT + 1, 5);

      var births = new ArrayList<KernelEvent>();
      while (births.stream().noneMatch(new ListenerBorn(place.pid(), PORT + 1)::equals)) {
        // Others of this machine may listen too.
        events.read().stream()
            .filter(event -> event instanceof ListenerBorn(int thread, _) && thread == place.pid())
            .forEach(births::add);
      }

      assertThat(births)
          .containsExactly(
              new ListenerBorn(place.pid(), PORT), new ListenerBorn(place.pid(), PORT + 1));
    }
  }

  @Test
  void aUnixListenerIsSeenWithItsQueueAndItsLimit() throws IOException {
    var name = "@backlog-" + UUID.randomUUID();
    var socket = place.unix(name);
    assertThat(unix()).isEmpty();
    socket.listen(2);
    assertThat(unix()).containsExactly(new UnixListener(socket.id(), socket.inode(), 0, 2));
    assertThat(all()).isEmpty();

    assertThat(socket.connect()).isTrue();
    assertThat(socket.connect()).isTrue();
    assertThat(socket.connect()).isTrue();
    assertThat(socket.connect()).isFalse();

    assertThat(unix()).containsExactly(new UnixListener(socket.id(), socket.inode(), 3, 2));
    assertThat(counters().listenOverflows()).isZero();
    socket.accept();
    assertThat(unix()).containsExactly(new UnixListener(socket.id(), socket.inode(), 2, 2));
    socket.close();
    assertThat(unix()).isEmpty();
  }

  @Test
  void whoWaitsAtAUnixListenerIsToldInTheOrderOfTheQueue() throws IOException {
    var socket = place.unix("@backlog-" + UUID.randomUUID());
    socket.listen(20);
    assertThat(clients()).isEmpty();
    for (int client = 0; client < 3; client++) socket.connect();

    var waiting = clients();
    assertThat(waiting).hasSize(3).doesNotHaveDuplicates().doesNotContain(0L);
    assertThat(clients()).isEqualTo(waiting);
    for (int client = 0; client < 10; client++) socket.connect();
    assertThat(clients())
        .hasSize(UnixListenerTable.MOST_CLIENTS)
        .startsWith(waiting.toArray(Long[]::new));
    socket.accept();

    assertThat(clients()).startsWith(waiting.get(1), waiting.get(2));
    var gone = unix().getFirst();
    socket.close();
    List<Long> left = inside(there -> there.unixListeners().clients(gone));
    assertThat(left).isEmpty();
  }

  private List<Long> clients() throws IOException {
    var listener = unix().getFirst();
    return inside(there -> there.unixListeners().clients(listener));
  }

  @Test
  void aUnixListenerIsOfTheNamespaceInWhichItWasMade() throws IOException {
    var other = world.place().unix("@backlog-" + UUID.randomUUID());
    other.listen(5);
    assertThat(unix()).isEmpty();
  }

  @Test
  void aUnixListenerIsRaisedAndPutBack() throws IOException {
    var socket = place.unix("@backlog-" + UUID.randomUUID());
    socket.listen(1);
    while (socket.connect()) {}

    assertThat(raise(socket, 64)).isEqualTo(new Changed(1, 64));
    assertThat(raise(socket, 64)).isEqualTo(new Unneeded(64));
    assertThat(unix().getFirst().backlog()).isEqualTo(64);
    assertThat(socket.connect()).isTrue();

    assertThat(restore(socket, 63, 1)).isEqualTo(new Unneeded(64));
    assertThat(restore(socket, 64, 1)).isEqualTo(new Changed(64, 1));
    assertThat(unix().getFirst().backlog()).isEqualTo(1);
  }

  @Test
  void somaxconnCapsAUnixListenerToo() throws IOException {
    place.somaxconn(32);
    var socket = place.unix("@backlog-" + UUID.randomUUID());
    socket.listen(5);

    assertThat(raise(socket, 1024)).isEqualTo(new Changed(5, 32));
    assertThat(raise(socket, 1024)).isEqualTo(new Unneeded(32));
  }

  @Test
  void aUnixSocketThatIsNotTheOneThatIsMeantIsLeftAlone() throws IOException {
    var bound = place.unix("@backlog-" + UUID.randomUUID());
    var socket = place.unix("@backlog-" + UUID.randomUUID());
    socket.listen(5);
    var tcp = place.listen("0.0.0.0", PORT, 5);

    assertThat(raise(bound, 64)).isInstanceOf(Gone.class);
    assertThat(raise(tcp.fd(), tcp.inode(), socket.id())).isInstanceOf(Gone.class);
    assertThat(raise(socket.fd(), socket.inode(), tcp.id())).isInstanceOf(Gone.class);
    assertThat(raise(bound.fd(), socket.inode(), socket.id())).isInstanceOf(Gone.class);

    assertThat(unix()).containsExactly(new UnixListener(socket.id(), socket.inode(), 0, 5));
    assertThat(look(tcp).backlog()).isEqualTo(5);
  }

  private List<UnixListener> unix() throws IOException {
    return inside(there -> there.unixListeners().unix());
  }

  private RelistenResult raise(int fd, long inode, SocketId id) throws IOException {
    return raise(place.pid(), fd, inode, id, 64);
  }

  private RelistenResult raise(int pid, int fd, long inode, SocketId id, int backlog)
      throws IOException {
    return inside(there -> world.kernel().relisten().raise(there, pid, fd, inode, id, backlog));
  }

  private RelistenResult restore(int fd, long inode, SocketId id, int applied, int original)
      throws IOException {
    return inside(
        there ->
            world
                .kernel()
                .relisten()
                .restore(there, place.pid(), fd, inode, id, applied, original));
  }

  private RelistenResult raise(UnixSocket socket, int backlog) throws IOException {
    return raise(place.pid(), socket.fd(), socket.inode(), socket.id(), backlog);
  }

  private RelistenResult restore(UnixSocket socket, int applied, int original) throws IOException {
    return restore(socket.fd(), socket.inode(), socket.id(), applied, original);
  }

  @Test
  void closeEndsARead() throws Exception {
    var events = world.kernel().openEvents();
    var ended =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                var last = events.read();
                while (!last.isEmpty()) last = events.read();
                return last;
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });

    events.close();

    assertThat(ended.get(10, TimeUnit.SECONDS)).isEmpty();
    assertThat(events.read()).isEmpty();
  }

  private List<Listener> all() throws IOException {
    return inside(there -> there.listeners().all());
  }

  private List<AcceptQueue> queues(int port) throws IOException {
    return inside(there -> there.connections().queues(port));
  }

  private OptionalInt open(Socket socket) throws IOException {
    return inside(there -> there.connections().open(socket.id()));
  }

  private List<Listener> onPort(int port) throws IOException {
    return inside(there -> there.listeners().onPort(port));
  }

  private List<Listener> known(List<ListenerId> ids) throws IOException {
    return inside(there -> there.listeners().known(ids));
  }

  private NetCounters counters() throws IOException {
    return inside(NamespaceView::counters);
  }

  private <T> T inside(Visit<T> visit) throws IOException {
    return world.kernel().namespaces().visit(place.pid(), place.namespace(), visit);
  }

  private Listener look(Socket socket) throws IOException {
    return known(List.of(socket.id())).getFirst();
  }

  private RelistenResult raise(Socket socket, int backlog) throws IOException {
    return raise(place.pid(), socket.fd(), socket.inode(), socket.id(), backlog);
  }

  private RelistenResult restore(Socket socket, int applied, int original) throws IOException {
    return restore(socket.fd(), socket.inode(), socket.id(), applied, original);
  }
}
