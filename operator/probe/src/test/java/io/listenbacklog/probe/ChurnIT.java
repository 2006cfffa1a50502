package io.listenbacklog.probe;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.kernel.linux.AlteredC;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.testing.Need;
import io.listenbacklog.kernel.testing.Needs;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node on which containers come and go as fast as they can, for {@code -Dchurn=SECONDS} (20
 * unless set), beside two that stay.
 */
@Needs({Need.ROOT, Need.PYTHON, Need.UNSHARE, Need.TRACEFS, Need.INITIAL_PID_NAMESPACE})
class ChurnIT {
  private static final int BIRTHS_A_SECOND = 50;
  private static final int SECONDS = Integer.getInteger("churn", 20);
  private static final Duration SWEEP = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final long MIB = 1 << 20;

  @TempDir private Path journal;
  private final AtomicLong visits = new AtomicLong();
  private final AtomicLong askedBytes = new AtomicLong();
  private final Map<String, Long> seen = new HashMap<>();
  private final List<String> wrong = new ArrayList<>();

  @Test
  void whateverComesAndGoesNothingWrongIsTouchedAndNothingStays() throws Exception {
    String stays = uid();
    String stranger = uid();
    var governed = List.of(uid(), uid());
    var strangers = List.of(uid(), uid());
    try (var node = new HandMadeNode(counted(), journal);
        var ours = node.settle(stays);
        var theirs = node.settle(stranger);
        var probe = node.start(node.kernel(), SWEEP)) {
      var raised = ours.listen("0.0.0.0", 7000, 5);
      var untouched = theirs.listen("0.0.0.0", 7000, 5);
      node.api()
          .spec(
              new NodeBacklogSpec(
                  List.of(
                      HandMadeNode.enforce(
                          64, null, List.of(stays, governed.get(0), governed.get(1))))));
      await().atMost(PATIENCE).until(() -> node.look(ours, raised).backlog() == 64);
      var pods = new ArrayList<String>();
      governed.forEach(uid -> pods.add("governed:" + node.container(uid)));
      strangers.forEach(uid -> pods.add("stranger:" + node.container(uid)));
      pods.add("stranger:");

      churn(3, pods); // so that all code has run and all caches are warm
      var before = held(probe);
      churn(SECONDS / 2, pods);
      asBefore(probe, before);
      long halfwayBytes = heapBytes();
      churn(SECONDS / 2, pods);
      asBefore(probe, before);
      long afterBytes = heapBytes();
      System.out.printf(
          "churn: %s; %s; heap %d, then %d bytes%n", seen, before, halfwayBytes, afterBytes);

      assertThat(wrong).isEmpty();
      assertThat(seen.get("born")).isGreaterThan((long) SECONDS * BIRTHS_A_SECOND / 2);
      assertThat(seen.get("raised")).isPositive();
      assertThat(seen.get("untouched")).isPositive();
      assertThat(seen.get("reused")).isPositive();
      assertThat(node.look(ours, raised).backlog()).isEqualTo(64);
      assertThat(node.look(theirs, untouched).backlog()).isEqualTo(5);
      assertThat(afterBytes - halfwayBytes).isLessThan(MIB);
      assertThat(Files.size(journal.resolve("journal"))).isLessThan(MIB);
      ours.die();
      theirs.die();
    }
  }

  private static String uid() {
    return UUID.randomUUID().toString();
  }

  /** A C library that counts visits to namespaces, and what is asked there. */
  private LinuxC counted() {
    var linux = new LibC();
    var visited =
        AlteredC.with(
            linux,
            "open",
            arguments -> {
              var path = (String) arguments[0];
              if (path.endsWith("/ns/net")) visits.incrementAndGet();
              return linux.open(path, (int) arguments[1]);
            });
    return AlteredC.with(
        visited,
        "send",
        arguments -> {
          var request = (MemorySegment) arguments[1];
          askedBytes.addAndGet(request.byteSize());
          return linux.send((int) arguments[0], request, (int) arguments[2]);
        });
  }

  private void churn(int seconds, List<String> pods) throws IOException, InterruptedException {
    var script = Files.createTempFile("churn", ".py");
    try (var source = ChurnIT.class.getResourceAsStream("churn.py")) {
      Files.write(script, requireNonNull(source).readAllBytes());
      var command =
          new ArrayList<>(
              List.of("python3", script.toString(), "" + seconds, "" + BIRTHS_A_SECOND, "1"));
      command.addAll(pods);
      var process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      try (var told = process.inputReader()) {
        told.lines().filter(line -> !line.isEmpty()).forEach(this::take);
      }
      assertThat(process.waitFor()).isZero();
    } finally {
      Files.delete(script);
    }
  }

  private void take(String line) {
    if (line.startsWith("wrong")) {
      wrong.add(line);
      return;
    }
    var words = line.split(" ", -1);
    seen.merge(words[0], Long.valueOf(words[1]), Long::sum);
  }

  /**
   * What the probe holds and does while nobody comes or goes.
   *
   * @param visits to namespaces in five sweeps
   * @param askedBytes of requests to sock_diag in five sweeps
   * @param descriptors how many of each kind are open
   * @param threadsAbroad threads in another network namespace than the process
   */
  private record Held(
      long visits, long askedBytes, Map<String, Long> descriptors, long threadsAbroad) {}

  private Held held(Probe probe) throws IOException {
    awaitSweeps(probe, 1);
    long visitsBefore = visits.get();
    long bytesBefore = askedBytes.get();
    awaitSweeps(probe, 5);
    return new Held(
        visits.get() - visitsBefore,
        askedBytes.get() - bytesBefore,
        descriptors(),
        threadsAbroad());
  }

  private static void awaitSweeps(Probe probe, int more) {
    long enough = probe.tally().sweeps.get() + more;
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> probe.tally().sweeps.get() >= enough);
  }

  /**
   * Waits until no more is held than before. A sixth sweep may be counted with five; what is left
   * of hundreds of containers would be many times as much.
   */
  private void asBefore(Probe probe, Held before) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              var now = held(probe);
              assertThat(now.visits).isLessThanOrEqualTo(before.visits * 3 / 2);
              assertThat(now.askedBytes).isLessThanOrEqualTo(before.askedBytes * 3 / 2);
              now.descriptors.forEach(
                  (kind, count) ->
                      assertThat(count)
                          .as(kind)
                          .isLessThanOrEqualTo(before.descriptors.getOrDefault(kind, 0L)));
              assertThat(now.threadsAbroad).isZero();
            });
  }

  private static long heapBytes() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** Without TCP connections of the own namespace and jars, which the JVM opens when it likes. */
  private static Map<String, Long> descriptors() throws IOException {
    var kinds = new TreeMap<String, Long>();
    var tcp = ownTcpInodes();
    for (var link : links("/proc/self/fd", "")) {
      if (link.endsWith(".jar") || tcp.contains(link)) continue;
      kinds.merge(link.replaceAll("[0-9]+", "N"), 1L, Long::sum);
    }
    return kinds;
  }

  private static Set<String> ownTcpInodes() throws IOException {
    var inodes = new HashSet<String>();
    for (var file : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
      for (var line : Files.readAllLines(Path.of(file))) {
        inodes.add("socket:[%s]".formatted(line.strip().split(" +", -1)[9]));
      }
    }
    return inodes;
  }

  private static long threadsAbroad() throws IOException {
    var home = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
    return links("/proc/self/task", "ns/net").stream().filter(each -> !each.equals(home)).count();
  }

  /** Where the links below the entries of a folder lead; what ended meanwhile left out. */
  private static List<String> links(String folder, String below) throws IOException {
    var links = new ArrayList<String>();
    try (var entries = Files.list(Path.of(folder))) {
      for (var each : entries.toList()) {
        try {
          links.add(Files.readSymbolicLink(each.resolve(below)).toString());
        } catch (NoSuchFileException e) {
          // It ended meanwhile.
        }
      }
    }
    return links;
  }
}
