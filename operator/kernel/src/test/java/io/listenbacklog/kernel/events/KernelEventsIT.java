package io.listenbacklog.kernel.events;

import static io.listenbacklog.kernel.testing.Need.INITIAL_PID_NAMESPACE;
import static io.listenbacklog.kernel.testing.Need.PYTHON;
import static io.listenbacklog.kernel.testing.Need.ROOT;
import static io.listenbacklog.kernel.testing.Need.TRACEFS;
import static io.listenbacklog.kernel.testing.Need.UNSHARE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.listenbacklog.kernel.LinuxKernel;
import io.listenbacklog.kernel.events.KernelEvent.CgroupMade;
import io.listenbacklog.kernel.events.KernelEvent.ListenerBorn;
import io.listenbacklog.kernel.linux.AlteredC;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.testing.Inhabitant;
import io.listenbacklog.kernel.testing.Needs;
import io.listenbacklog.kernel.testing.TracefsFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Needs({ROOT, UNSHARE, PYTHON, TRACEFS, INITIAL_PID_NAMESPACE})
@Timeout(60)
class KernelEventsIT {
  private static TracefsFolder tracefs;
  private LinuxKernel kernel;
  private KernelEvents events;

  @BeforeAll
  static void makeFolder() {
    tracefs = TracefsFolder.make();
  }

  @AfterAll
  static void removeFolder() {
    tracefs.close();
  }

  @BeforeEach
  void open() throws IOException {
    kernel = new LinuxKernel(new LibC(), new LinuxKernel.Paths(Path.of("/proc"), tracefs.path()));
    events = kernel.openEvents();
  }

  @AfterEach
  void close() throws IOException {
    events.close();
    kernel.close();
  }

  @Test
  void aCgroupOfAPodIsToldAndOthersAreNot() throws IOException {
    var hierarchy = cgroupHierarchy();
    var name = "pod" + UUID.randomUUID();
    var quiet = hierarchy.resolve("quiet-" + UUID.randomUUID());
    var pod = hierarchy.resolve(name);
    try {
      Files.createDirectory(quiet);
      Files.createDirectory(pod);

      List<KernelEvent> seen;
      do {
        seen = events.read();
        assertThat(seen).noneMatch(event -> event.toString().contains("quiet-"));
      } while (seen.stream()
          .noneMatch(event -> event instanceof CgroupMade(String path) && path.endsWith(name)));
    } finally {
      Files.deleteIfExists(quiet);
      Files.deleteIfExists(pod);
    }
  }

  /**
   * A cgroup hierarchy where this process may make a cgroup: its own place in cgroup2, or a v1 one.
   */
  private static Path cgroupHierarchy() throws IOException {
    try (var mounts = Files.lines(Path.of("/proc/self/mounts"))) {
      return mounts
          .map(line -> line.split(" ", -1))
          .filter(fields -> fields[2].equals("cgroup2") || fields[3].contains("name=systemd"))
          .map(fields -> Path.of(fields[1]))
          .filter(Files::isWritable)
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void fiveHundredBirthsInOneGoAreAllTold() throws IOException {
    try (var inhabitant = Inhabitant.settle()) {
      inhabitant.tell("listen_many 1000 500");

      int seen = 0;
      while (seen < 500) {
        for (var event : events.read()) {
          if (event instanceof ListenerBorn(int thread, _) && thread == inhabitant.pid()) seen++;
        }
      }
    }
  }

  @Test
  void itsThreadIsNamedThoughItIsNotTheFirst() throws IOException {
    try (var inhabitant = Inhabitant.settle()) {
      var told = inhabitant.tell("thread_listen t 0.0.0.0 9876 5").split(" ", -1);
      var born = new ListenerBorn(Integer.parseInt(told[3]), 9876);

      while (!events.read().contains(born)) {
        // Others of this machine may listen too.
      }
    }
  }

  @Test
  void aBirthIsSeenSoon() throws IOException {
    var nanos = new long[100];
    try (var inhabitant = Inhabitant.settle()) {
      for (int birth = 0; birth < nanos.length; birth++) {
        // The inhabitant reads the monotonic clock right before listen(); so do we.
        long before = Long.parseLong(inhabitant.tell("timed_listen %d".formatted(1000 + birth)));
        var born = new ListenerBorn(inhabitant.pid(), 1000 + birth);
        while (!events.read().contains(born)) {
          // Others of this machine may listen too.
        }
        nanos[birth] = System.nanoTime() - before;
      }
    }
    Arrays.sort(nanos);
    System.out.printf(
        "birth to event: p50 %d us, p99 %d us, max %d us%n",
        nanos[49] / 1000, nanos[98] / 1000, nanos[99] / 1000);
  }

  @Test
  void whatADeadProcessLeftIsRemovedAndWhatALivingOneHasIsNot() throws IOException {
    var instances = instances();
    var left = instances.resolve(new InstanceName(1, 1, 1).text()); // pid 1 started at another time
    Files.createDirectory(left);

    try (var second = kernel.openEvents()) {
      assertThat(left).doesNotExist();
      assertThat(ours(instances)).hasSizeGreaterThanOrEqualTo(2);
      assertThat(second).isNotNull();
    }
  }

  @Test
  void closeRemovesTheInstance() throws IOException {
    int before = ours(instances()).size();

    events.close();
    events.close(); // again does nothing

    assertThat(ours(instances())).hasSize(before - 1);
    assertThat(events.read()).isEmpty();
  }

  @Test
  void anInstanceThatCannotBecomeWholeIsRemoved() throws IOException {
    int before = ours(instances()).size();
    var linux = AlteredC.refusing("eventfd", Errno.EMFILE);
    try (var other =
        new LinuxKernel(linux, new LinuxKernel.Paths(Path.of("/proc"), tracefs.path()))) {
      assertThatThrownBy(other::openEvents).hasMessageContaining("EMFILE");
    }

    assertThat(ours(instances())).hasSize(before);
  }

  private static Path instances() {
    var usual = Path.of("/sys/kernel/tracing/instances");
    return Files.isWritable(usual) ? usual : tracefs.path().resolve("instances");
  }

  private static List<InstanceName> ours(Path instances) throws IOException {
    try (var all = Files.list(instances)) {
      return all.map(path -> InstanceName.of(path.getFileName().toString()))
          .flatMap(Optional::stream)
          .filter(name -> name.pid() == ProcessHandle.current().pid())
          .toList();
    }
  }
}
