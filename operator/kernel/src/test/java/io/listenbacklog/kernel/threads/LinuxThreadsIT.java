package io.listenbacklog.kernel.threads;

import static io.listenbacklog.kernel.testing.Need.PYTHON;
import static io.listenbacklog.kernel.testing.Need.ROOT;
import static io.listenbacklog.kernel.testing.Need.UNSHARE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.kernel.LinuxKernel;
import io.listenbacklog.kernel.linux.AlteredC;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.testing.Inhabitant;
import io.listenbacklog.kernel.testing.Needs;
import io.listenbacklog.kernel.threads.ThreadFacts.Condition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What real threads do, as procfs tells it. */
@Needs({ROOT, UNSHARE, PYTHON})
class LinuxThreadsIT {
  private final Threads threads =
      new LinuxThreads(new LibC(), "/proc", System.getProperty("os.arch"));
  private Inhabitant inhabitant;

  @BeforeEach
  void settle() {
    inhabitant = Inhabitant.settle();
  }

  @AfterEach
  void leave() {
    inhabitant.close();
  }

  @ParameterizedTest
  @CsvSource({
    "sleep, clock_nanosleep, ",
    "lock, futex, ",
    "pipe, read, pipe",
    "epoll, epoll_wait, eventpoll",
    "poll, poll, ",
    "wait, wait4, ",
    "silence, recvfrom, socket",
    "accept, accept4, socket",
  })
  void aThreadThatWaitsIsSeenInItsCall(String what, String call, String target) throws IOException {
    int pid = inhabitant.forkDoing(what);

    await().until(() -> blockedIn(pid, call));

    var blocked = call(pid);
    assertThat(blocked.fd() >= 0).isEqualTo(target != null);
    if (target == null) assertThat(blocked.target()).isNull();
    else assertThat(requireNonNull(blocked.target()).kind()).isEqualTo(target);
  }

  @Test
  void whoWaitsForAFileLockIsSeenWithThePath() throws IOException {
    int pid = inhabitant.forkDoing("flock");

    await().until(() -> blockedIn(pid, "flock"));

    assertThat(requireNonNull(call(pid).target()).kind()).startsWith("/tmp/");
  }

  @Test
  void aSilentPeerIsFoundByTheSocketThatIsWaitedFor() throws IOException {
    int pid = inhabitant.forkDoing("silence");
    await().until(() -> blockedIn(pid, "recvfrom"));
    long inode = requireNonNull(call(pid).target()).socket();

    var paths = new LinuxKernel.Paths(Path.of("/proc"), null);
    try (var kernel = new LinuxKernel(new LibC(), paths)) {
      var connection =
          kernel
              .namespaces()
              .visit(
                  inhabitant.pid(),
                  inhabitant.namespace(),
                  there -> there.connections().accepted(Set.of(inode, 1L)));

      assertThat(connection).containsOnlyKeys(inode);
      var found = requireNonNull(connection.get(inode));
      assertThat(found.local().text()).isEqualTo("127.0.0.1:7777");
      assertThat(found.peer().text()).startsWith("127.0.0.1:");
      assertThat(found.waits()).isFalse();
      await()
          .until(
              () ->
                  requireNonNull(
                              kernel
                                  .namespaces()
                                  .visit(
                                      inhabitant.pid(),
                                      inhabitant.namespace(),
                                      there -> there.connections().accepted(Set.of(inode)))
                                  .get(inode))
                          .silentMillis()
                      > 200);
    }
  }

  @Test
  void aBusyThreadRuns() {
    int pid = inhabitant.forkDoing("spin");

    await().until(() -> facts(pid).condition() == Condition.RUNNING);

    assertThat(facts(pid).call()).isNull();
  }

  @Test
  void aStoppedThreadIsStoppedWhateverItWaitedFor() {
    int pid = inhabitant.forkDoing("stop");

    await().until(() -> facts(pid).condition() == Condition.STOPPED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cgroup2", "freezer"})
  void aFrozenThreadIsFrozen(String kind) throws IOException {
    var mounted = cgroups(kind);
    assumeThat(mounted).as("no %s is mounted", kind).isNotNull();
    int pid = inhabitant.forkDoing("silence");
    await().until(() -> blockedIn(pid, "recvfrom"));
    var cgroup = Files.createDirectory(requireNonNull(mounted).resolve("it-" + UUID.randomUUID()));
    var file = cgroup.resolve(kind.equals("cgroup2") ? "cgroup.freeze" : "freezer.state");
    try {
      Files.writeString(cgroup.resolve("cgroup.procs"), Integer.toString(pid));
      Files.writeString(file, kind.equals("cgroup2") ? "1" : "FROZEN");

      await().until(() -> facts(pid).condition() == Condition.FROZEN);
    } finally {
      Files.writeString(file, kind.equals("cgroup2") ? "0" : "THAWED");
      inhabitant.end(pid);
      await().ignoreExceptions().until(() -> Files.deleteIfExists(cgroup));
    }
  }

  private static @Nullable Path cgroups(String kind) throws IOException {
    try (var mounts = Files.lines(Path.of("/proc/self/mounts"))) {
      return mounts
          .map(line -> line.split(" ", -1))
          .filter(
              it ->
                  kind.equals("cgroup2")
                      ? it[2].equals(kind)
                      : it[2].equals("cgroup") && it[3].contains(kind))
          .map(it -> Path.of(it[1]))
          .findFirst()
          .orElse(null);
    }
  }

  @Test
  void theLivingThreadsOfAProcessWithoutItsFirstOneAreSeen() throws IOException {
    int pid = inhabitant.forkDoing("lose_leader");
    await().until(() -> threads.facts(pid, pid).isEmpty());

    var ids = threads.of(pid, 10);

    assertThat(ids).hasSize(2);
    await()
        .until(
            () ->
                "clock_nanosleep"
                    .equals(
                        threads
                            .facts(pid, ids[1])
                            .map(ThreadFacts::call)
                            .map(BlockedCall::name)
                            .orElse("")));
  }

  @Test
  void whatMayNotBeReadIsNotKnown() throws IOException {
    int pid = inhabitant.forkDoing("pipe");
    await().until(() -> blockedIn(pid, "read"));
    // As Yama does with ptrace_scope 3.
    var forbidden =
        new LinuxThreads(
            AlteredC.with(
                "open",
                arguments -> {
                  if (((String) arguments[0]).endsWith("/syscall")) {
                    throw new SyscallException("open", Errno.EPERM);
                  }
                  return new LibC().open((String) arguments[0], (int) arguments[1]);
                }),
            "/proc",
            System.getProperty("os.arch"));

    var facts = forbidden.facts(pid, pid).orElseThrow();

    assertThat(facts.condition()).isEqualTo(Condition.SLEEPING);
    assertThat(facts.call()).isNull();
  }

  @Test
  void readingDisturbsNobody() throws IOException {
    int pid = inhabitant.forkDoing("pipe");
    await().until(() -> blockedIn(pid, "read"));
    var before = switches(pid);

    for (int time = 0; time < 1_000; time++) threads.facts(pid, pid);

    assertThat(switches(pid)).isEqualTo(before);
    assertThat(Files.readString(Path.of("/proc/" + pid + "/status"))).contains("TracerPid:\t0\n");
  }

  /** How often the thread came onto a CPU and went. */
  private static Map<String, String> switches(int pid) throws IOException {
    var counts = new TreeMap<String, String>();
    for (var line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      int colon = line.indexOf(':');
      if (line.contains("ctxt_switches")) counts.put(line.substring(0, colon), line.strip());
    }
    return counts;
  }

  private boolean blockedIn(int pid, String call) {
    var blocked = facts(pid).call();
    return blocked != null && blocked.name().equals(call);
  }

  private BlockedCall call(int pid) {
    return requireNonNull(facts(pid).call());
  }

  private ThreadFacts facts(int pid) {
    try {
      return threads.facts(pid, pid).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
