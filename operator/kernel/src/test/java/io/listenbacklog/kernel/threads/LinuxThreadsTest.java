package io.listenbacklog.kernel.threads;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.threads.ThreadFacts.Condition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On a tree made by hand that looks like procfs. */
class LinuxThreadsTest {
  private static final String IN_RECVFROM = "45 0x5 0x1 0x2 0x0 0x0 0x0 0x7ffe8a193c08 0x7f74\n";

  @TempDir private Path proc;
  private Threads threads;

  @BeforeEach
  void look() {
    threads = new LinuxThreads(new LibC(), proc.toString(), "amd64");
  }

  @Test
  void threadsAreTheFoldersWithNumbersAscending() throws IOException {
    for (var name : new String[] {"9", "71", "100"}) {
      Files.createDirectories(proc.resolve("9/task/" + name));
    }

    assertThat(threads.of(9, 100)).containsExactly(9, 71, 100);
    assertThat(threads.of(9, 2)).hasSize(2);
    assertThat(threads.of(10, 100)).isEmpty();
  }

  @Test
  void aCallIsToldWithItsDescriptor() throws IOException {
    thread("72 (worker (1) x) S 1 2", "wait_woken", IN_RECVFROM);
    link("5", "socket:[4711]");

    assertThat(threads.facts(71, 72))
        .contains(
            new ThreadFacts(
                71,
                72,
                "worker (1) x",
                Condition.SLEEPING,
                new BlockedCall("recvfrom", 5, new FdTarget("socket", 4711))));
  }

  @ParameterizedTest
  @CsvSource({
    "R, 0, RUNNING",
    "T, do_signal_stop, STOPPED",
    "t, ptrace_stop, STOPPED",
    "D, folio_wait_bit_common, UNINTERRUPTIBLE",
    "D, __refrigerator, FROZEN",
    "S, do_freezer_trap, FROZEN",
    "S, get_signal, FROZEN",
    "S, get_signal.constprop.0, FROZEN",
    "S, wait_woken, SLEEPING",
    "I, 0, SLEEPING",
  })
  void theConditionIsWhatTheKernelSays(char state, String where, Condition condition)
      throws IOException {
    thread("72 (x) " + state + " 1 2", where, IN_RECVFROM);

    assertThat(threads.facts(71, 72).orElseThrow().condition()).isEqualTo(condition);
  }

  @Test
  void whereTheKernelDoesNotSayWhereTheStackDoes() throws IOException {
    thread("72 (x) S 1 2", "0", IN_RECVFROM);
    write("stack", "[<0>] do_freezer_trap+0x38e/0x840\n[<0>] get_signal+0x1/0x2\n");
    assertThat(threads.facts(71, 72).orElseThrow().condition()).isEqualTo(Condition.FROZEN);

    write("stack", "[<0>] wait_woken+0x38e/0x840\n[<0>] get_signal+0x1/0x2\n");
    assertThat(threads.facts(71, 72).orElseThrow().condition()).isEqualTo(Condition.SLEEPING);
  }

  @Test
  void whoWokeUpMeanwhileRuns() throws IOException {
    thread("72 (x) S 1 2", "0", "running\n");

    assertThat(threads.facts(71, 72).orElseThrow().condition()).isEqualTo(Condition.RUNNING);
  }

  @Test
  void theDeadAreGone() throws IOException {
    thread("72 (x) Z 1 2", "0", "");

    assertThat(threads.facts(71, 72)).isEmpty();
    assertThat(threads.facts(71, 73)).isEmpty();
  }

  @Test
  void theNumbersOfA32BitProgramMeanOtherCalls() throws IOException {
    thread("72 (x) S 1 2", "wait_woken", "45 0x5 0x1 0x2 0x0 0x0 0x0 0xff8a4c20 0xf7f2a579\n");

    assertThat(threads.facts(71, 72).orElseThrow().call()).isNull();
  }

  @Test
  void aStatThatIsNoneIsAnError() throws IOException {
    thread("72 nonsense", "0", "");

    assertThatThrownBy(() -> threads.facts(71, 72))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("71/task/72/stat");
  }

  @Test
  void whatAThreadCallsItselfIsCleaned() throws IOException {
    thread("72 (\u001b[2Jevil\n) R 1 2", "0", "");

    assertThat(threads.facts(71, 72).orElseThrow().name()).isEqualTo("[2Jevil");
  }

  @ParameterizedTest
  @CsvSource({
    "socket:[4711], socket, 4711",
    "socket:[x], socket, 0",
    "pipe:[99], pipe, 0",
    "anon_inode:[eventpoll], eventpoll, 0",
    "anon_inode:inotify, inotify, 0",
    "/var/lock/accept (deleted), /var/lock/accept (deleted), 0",
    "strange, strange, 0",
  })
  void aDescriptorIsToldByWhereItLeads(String link, String kind, long socket) {
    assertThat(FdTarget.of(link)).isEqualTo(new FdTarget(kind, socket));
  }

  private void thread(String stat, String wchan, String syscall) throws IOException {
    write("stat", stat + "\n");
    write("wchan", wchan);
    write("syscall", syscall);
  }

  private void write(String file, String content) throws IOException {
    var path = proc.resolve("71/task/72/" + file);
    Files.createDirectories(path.getParent());
    Files.write(path, content.getBytes(UTF_8));
  }

  private void link(String fd, String target) throws IOException {
    var folder = Files.createDirectories(proc.resolve("71/task/72/fd"));
    Files.createSymbolicLink(folder.resolve(fd), Path.of(target));
  }
}
