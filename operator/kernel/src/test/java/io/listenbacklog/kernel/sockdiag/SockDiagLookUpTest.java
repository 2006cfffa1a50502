package io.listenbacklog.kernel.sockdiag;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.kernel.linux.AlteredC;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.socket.Addresses;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.socket.ListenerTable;
import io.listenbacklog.kernel.socket.PortListing;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What it costs, in requests, to look up listeners of which many are closed. */
class SockDiagLookUpTest {
  private final Arena memory = Arena.ofConfined();

  /** What listens. */
  private final List<ListenerId> living = new ArrayList<>();

  /** Members of groups that the hash does not pick. */
  private final Set<ListenerId> notPicked = new HashSet<>();

  /** What the kernel has yet to say to look-ups, and to dumps. */
  private final Deque<MemorySegment> answers = new ArrayDeque<>();

  private int dumps;
  private SockDiag sockDiag;

  @BeforeEach
  void open() throws SyscallException {
    LinuxC linux =
        AlteredC.with(new LibC(), "send", arguments -> sent((MemorySegment) arguments[1]));
    linux = AlteredC.with(linux, "recv", arguments -> received((MemorySegment) arguments[1]));
    linux =
        AlteredC.with(
            linux,
            "recvmmsg",
            arguments -> receivedMany((MemorySegment) arguments[1], (int) arguments[2]));
    sockDiag = SockDiag.open(linux, new DiagBuffers(memory));
  }

  @AfterEach
  void close() {
    sockDiag.close();
    memory.close();
  }

  private int sent(MemorySegment requests) {
    answers.clear(); // of a dump that was abandoned
    for (long at = 0; at < requests.byteSize(); at += requests.get(JAVA_INT, at)) {
      int sequence = requests.get(JAVA_INT, at + 8);
      boolean isDump = requests.get(JAVA_SHORT, at + 4) == InetDiag.TCPDIAG_GETSOCK;
      if (isDump) dump(requests, sequence);
      else answers.add(answer(requests.asSlice(at, requests.get(JAVA_INT, at)), sequence));
    }
    return (int) requests.byteSize();
  }

  /** The cookie is at the end of what identifies a socket, which ends the request. */
  private MemorySegment answer(MemorySegment request, int sequence) {
    int cookie = request.get(JAVA_INT, request.byteSize() - 8);
    for (var each : living) {
      if (each.cookie() == cookie && !notPicked.contains(each)) return told(each, sequence);
    }
    return numbered(DiagMessages.error(memory, Errno.ENOENT), sequence);
  }

  private void dump(MemorySegment request, int sequence) {
    dumps++;
    long port = request.get(InetDiag.BE16, 16 + InetDiag.offset(InetDiag.LEGACY_REQUEST, "id"));
    for (var each : living) {
      if (port == 0 || each.port() == (port & 0xffff)) answers.add(told(each, sequence));
    }
    answers.add(numbered(DiagMessages.done(memory, 0), sequence));
  }

  private MemorySegment told(ListenerId id, int sequence) {
    return numbered(DiagMessages.listener(memory, id, 7, 0, 5, 0), sequence);
  }

  private static MemorySegment numbered(MemorySegment message, int sequence) {
    message.set(JAVA_INT, 8, sequence);
    return message;
  }

  private int received(MemorySegment buffer) {
    var answer = answers.remove();
    buffer.copyFrom(answer);
    return (int) answer.byteSize();
  }

  private int receivedMany(MemorySegment vector, int most) {
    for (int index = 0; index < most; index++) {
      var header = vector.asSlice(index * DiagBuffers.MMSGHDR.byteSize());
      var parts = header.get(ADDRESS, InetDiag.offset(DiagBuffers.MMSGHDR, "msg_iov"));
      var buffer = parts.reinterpret(8).get(ADDRESS, 0).reinterpret(1024);
      header.set(JAVA_INT, InetDiag.offset(DiagBuffers.MMSGHDR, "msg_len"), received(buffer));
    }
    return most;
  }

  private static ListenerId id(int port, long cookie) {
    return new ListenerId(Addresses.of("0.0.0.0"), port, 0, cookie);
  }

  private List<ListenerId> found(List<ListenerId> asked) throws IOException {
    return sockDiag.known(asked).stream().map(Listener::id).toList();
  }

  @Test
  void whatListensCostsNoDump() throws IOException {
    for (int port = 1; port <= 100; port++) living.add(id(port, port));

    assertThat(found(living)).isEqualTo(living);
    assertThat(dumps).isZero();
  }

  @Test
  void thousandsThatAreClosedAtOnceCostOneDumpAndAGroupAmongThemIsFound() throws IOException {
    var asked = new ArrayList<ListenerId>();
    for (int port = 1; port <= 5_000; port++) asked.add(id(port, port));
    var group = List.of(id(80, 10_001), id(80, 10_002), id(80, 10_003));
    living.addAll(group);
    notPicked.addAll(group.subList(0, 2));
    asked.addAll(group);

    assertThat(found(asked)).isEqualTo(group);
    assertThat(dumps).isOne();
  }

  @Test
  void ofAFewPortsEachIsDumpedByItself() throws IOException {
    var group = List.of(id(80, 1), id(80, 2));
    living.addAll(group);
    notPicked.add(group.getFirst());

    assertThat(found(List.of(group.getFirst(), group.getLast(), id(81, 3)))).isEqualTo(group);
    assertThat(dumps).isEqualTo(2);
  }

  @Test
  void aDumpThatIsCutIsNotRepeatedForEachPort() throws IOException {
    for (int cookie = 1; cookie <= ListenerTable.MOST; cookie++) living.add(id(9, cookie));
    var last = id(10, 100_000);
    living.add(last);
    notPicked.add(last);
    var asked = new ArrayList<ListenerId>();
    asked.add(last);
    for (int port = 1_000; port < 4_000; port++) asked.add(id(port, 200_000 + port));

    assertThat(found(asked)).containsExactly(last);
    assertThat(dumps).isEqualTo(1 + PortListing.BY_THEMSELVES);
  }
}
