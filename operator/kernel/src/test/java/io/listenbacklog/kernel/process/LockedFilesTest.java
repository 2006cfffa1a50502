package io.listenbacklog.kernel.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.kernel.linux.KernelFiles;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.linux.PatientCalls;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.threads.LinuxThreads;
import io.listenbacklog.kernel.threads.ThreadFacts.Condition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A FIFO that nobody writes to stands for a process that keeps its memory locked. */
@Timeout(60)
class LockedFilesTest {
  private static final Duration A_MOMENT = Duration.ofSeconds(2);

  @TempDir private Path proc;
  private final AtomicLong nanos = new AtomicLong();
  private PatientCalls calls;
  private LinuxProcesses processes;
  private LinuxThreads threads;

  @BeforeEach
  void start() {
    start(A_MOMENT);
  }

  private void start(Duration patience) {
    var linux = new LibC();
    calls = new PatientCalls(pid -> pid, patience, nanos::get);
    var locked = LockedFiles.patient(new KernelFiles(linux), calls);
    processes = new LinuxProcesses(linux, proc.toString(), locked);
    threads = new LinuxThreads(linux, proc.toString(), locked);
  }

  @AfterEach
  void end() {
    calls.close();
  }

  private void process(int pid) throws IOException {
    Files.createDirectories(proc.resolve(pid + ""));
    Files.writeString(proc.resolve(pid + "/comm"), "server\n");
    Files.createSymbolicLink(proc.resolve(pid + "/exe"), Path.of("/usr/sbin/server"));
  }

  private void fifo(String path) throws IOException, InterruptedException {
    int done = new ProcessBuilder("mkfifo", proc.resolve(path).toString()).start().waitFor();
    assertThat(done).isZero();
  }

  private void hangs(int pid) throws IOException, InterruptedException {
    process(pid);
    fifo(pid + "/cmdline");
  }

  /** Lets a read of it come back. */
  private void write(String path, String content) throws IOException {
    Files.write(proc.resolve(path), content.getBytes(UTF_8));
  }

  @Test
  void aProcessWhoseMemoryIsLockedIsKnownByItsNameAlone() throws Exception {
    hangs(71);

    var facts = processes.facts(71).orElseThrow();
    assertThat(facts.command()).isEqualTo("server");
    assertThat(facts.executable()).isEqualTo("/usr/sbin/server");
    assertThat(facts.arguments()).isEmpty();
    write("71/cmdline", "late"); // so that the reader ends
  }

  @Test
  void anotherIsReadMeanwhileAndItselfLater() throws Exception {
    hangs(71);
    process(72);
    write("72/cmdline", "server\0-v\0");

    assertThat(processes.facts(71).orElseThrow().arguments()).isEmpty();
    assertThat(processes.facts(72).orElseThrow().arguments()).containsExactly("server", "-v");

    write("71/cmdline", "late");
    Files.delete(proc.resolve("71/cmdline"));
    write("71/cmdline", "server\0");
    assertThat(processes.facts(71).orElseThrow().arguments()).isEmpty(); // not asked yet
    nanos.addAndGet(Duration.ofSeconds(30).toNanos());
    await()
        .untilAsserted(
            () ->
                assertThat(processes.facts(71).orElseThrow().arguments())
                    .containsExactly("server"));
  }

  @Test
  void whereAllReadersHangNothingIsReadUntilOneComesBack() throws Exception {
    calls.close();
    start(A_MOMENT.dividedBy(10)); // for each of many
    int other = PatientCalls.MOST + 1;
    for (int pid = 1; pid <= PatientCalls.MOST; pid++) {
      hangs(pid);
      assertThat(processes.facts(pid).orElseThrow().arguments()).isEmpty();
    }
    process(other);
    write(other + "/cmdline", "server\0");
    write(other + "/maps", "0-1 r 0 0 0 /lib/x.so\n");
    write(other + "/environ", "LISTEN_FDS=1\0");
    assertThat(processes.facts(other).orElseThrow().arguments()).isEmpty();
    assertThat(processes.mappedFiles(other)).isEmpty();
    assertThat(processes.handedOver(other)).isEmpty();

    for (int pid = 1; pid <= PatientCalls.MOST; pid++) write(pid + "/cmdline", "late");
    await()
        .untilAsserted(
            () -> {
              nanos.addAndGet(Duration.ofMinutes(1).toNanos());
              assertThat(processes.facts(other).orElseThrow().arguments())
                  .containsExactly("server");
              assertThat(processes.mappedFiles(other)).containsExactly("x.so");
              assertThat(processes.handedOver(other)).containsExactly(3);
            });
  }

  @Test
  void aThreadInExecveIsKnownByItsStateAlone() throws Exception {
    Files.createDirectories(proc.resolve("71/task/71"));
    write("71/task/71/stat", "71 (server) D 1 71");
    fifo("71/task/71/syscall");
    fifo("71/task/71/stack");

    var facts = threads.facts(71, 71).orElseThrow();
    assertThat(facts.condition()).isEqualTo(Condition.UNINTERRUPTIBLE);
    assertThat(facts.call()).isNull();
    write("71/task/71/stack", ""); // so that the thread ends
  }

  @Test
  void whatCannotBeReadIsAnErrorAsEver() throws Exception {
    process(72);
    Files.createDirectory(proc.resolve("72/cmdline"));

    assertThatThrownBy(() -> processes.facts(72)).isInstanceOf(SyscallException.class);
  }
}
