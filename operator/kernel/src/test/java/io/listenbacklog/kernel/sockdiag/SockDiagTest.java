package io.listenbacklog.kernel.sockdiag;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.listenbacklog.kernel.linux.AlteredC;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.socket.Addresses;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a kernel may answer to a dump. */
class SockDiagTest {
  private static final ListenerId ID = new ListenerId(Addresses.of("0.0.0.0"), 80, 0, 1);
  private static final ListenerId OTHER = new ListenerId(Addresses.of("::"), 79, 0, 2);

  private final Arena memory = Arena.ofConfined();
  private final Deque<MemorySegment> answers = new ArrayDeque<>();
  private int sequence;
  private int requests;
  private SockDiag sockDiag;

  @BeforeEach
  void open() throws SyscallException {
    LinuxC linux =
        AlteredC.with(new LibC(), "send", arguments -> sent((MemorySegment) arguments[1]));
    linux = AlteredC.with(linux, "recv", arguments -> received((MemorySegment) arguments[1]));
    sockDiag = SockDiag.open(linux, new DiagBuffers(memory));
  }

  @AfterEach
  void close() {
    sockDiag.close();
    memory.close();
  }

  private int sent(MemorySegment request) {
    requests++;
    sequence = request.get(JAVA_INT, 8);
    return (int) request.byteSize();
  }

  private int received(MemorySegment buffer) throws SyscallException {
    var answer = answers.poll();
    if (answer == null) throw new SyscallException("recv", Errno.EAGAIN);
    answer.set(JAVA_INT, 8, sequence);
    if (answer.byteSize() <= buffer.byteSize()) buffer.copyFrom(answer);
    return (int) answer.byteSize(); // as MSG_TRUNC wants it
  }

  @Test
  void aDumpIsSortedAndTellsNobodyTwice() throws IOException {
    answers.add(DiagMessages.listener(memory, ID, 7, 0, 5, 0));
    answers.add(DiagMessages.listener(memory, OTHER, 8, 0, 5, 0));
    answers.add(DiagMessages.listener(memory, ID, 7, 1, 5, 0));
    answers.add(DiagMessages.done(memory, 0));

    assertThat(sockDiag.all())
        .containsExactly(new Listener(OTHER, 8, 0, 5, 0), new Listener(ID, 7, 1, 5, 0));
  }

  @Test
  void aDumpThatMayHaveHolesIsRepeated() throws IOException {
    answers.add(
        DiagMessages.flagged(
            DiagMessages.listener(memory, ID, 7, 0, 5, 0), InetDiag.NLM_F_DUMP_INTR));
    answers.add(DiagMessages.done(memory, 0));
    answers.add(DiagMessages.listener(memory, OTHER, 8, 0, 5, 0));
    answers.add(DiagMessages.done(memory, 0));

    assertThat(sockDiag.all()).containsExactly(new Listener(OTHER, 8, 0, 5, 0));
    assertThat(requests).isEqualTo(2);
  }

  @Test
  void aDumpThatHasHolesEachTimeIsAnError() {
    for (int attempt = 0; attempt < 5; attempt++) {
      answers.add(DiagMessages.flagged(DiagMessages.done(memory, 0), InetDiag.NLM_F_DUMP_INTR));
    }

    assertThatThrownBy(() -> sockDiag.all())
        .isInstanceOfSatisfying(
            SyscallException.class, e -> assertThat(e.is(Errno.EINTR)).isTrue());
  }

  @Test
  void anErrorOfTheKernelHasItsName() {
    answers.add(DiagMessages.error(memory, Errno.EPERM));
    assertThatThrownBy(() -> sockDiag.all()).hasMessage("sock_diag(dump): EPERM (1)");

    answers.add(DiagMessages.done(memory, Errno.ENOMEM));
    assertThatThrownBy(() -> sockDiag.all()).hasMessage("sock_diag(dump): ENOMEM (12)");
  }

  @Test
  void aDumpThatEndsTooSoonIsAnError() {
    answers.add(DiagMessages.listener(memory, ID, 7, 0, 5, 0));

    assertThatThrownBy(() -> sockDiag.all()).hasMessage("recv: EAGAIN (11)");
  }

  @Test
  void aPartThatIsLongerThanAnyShouldBeIsAnError() {
    answers.add(memory.allocate(1 << 20, 8));

    assertThatThrownBy(() -> sockDiag.all())
        .isInstanceOf(IOException.class)
        .hasMessage("sock_diag: a part of a dump has 1048576 bytes");
  }

  @Test
  void portZeroIsNoPort() {
    assertThatThrownBy(() -> sockDiag.onPort(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
