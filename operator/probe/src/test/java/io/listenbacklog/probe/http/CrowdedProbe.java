package io.listenbacklog.probe.http;

import io.listenbacklog.probe.loop.Message;
import io.listenbacklog.probe.report.ListenerSample;
import io.listenbacklog.probe.report.ListenerSamples;
import io.listenbacklog.probe.telemetry.Counters;
import java.io.IOException;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;

/**
 * The servers of a probe on a node with 9,000 listeners, each of a pod with the longest name there
 * may be, in a process of its own, whose heap is as full as a busy probe's. Prints its ports, a
 * line each: of the health, of the metrics.
 */
final class CrowdedProbe {
  static final int LISTENERS = 9_000;

  private static final int OTHER_HEAP = 10 * 1024 * 1024;

  private CrowdedProbe() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var other = new byte[OTHER_HEAP];
    var health = new Health(() -> Duration.ZERO, () -> true, Optional::empty);
    try (var servers =
        ProbeServers.start(0, 0, health, CrowdedProbe::answer, new Counters(), Optional.empty())) {
      System.out.println(servers.healthPort());
      System.out.println(servers.metricsPort());
      Thread.sleep(Duration.ofMinutes(5));
    } finally {
      Reference.reachabilityFence(other);
    }
  }

  private static void answer(Message message) {
    if (!(message instanceof Message.Wanted(int most, var answer))) return;
    var listed = new ArrayList<ListenerSample>();
    for (int i = 0; i < LISTENERS && listed.size() < most; i++) {
      // As the engine has them: names are the spec's, an address is written anew.
      listed.add(
          new ListenerSample(
              NAMESPACE,
              POD,
              "c",
              "127.0.0.1:" + i,
              4_000_000L + i,
              5,
              0,
              64,
              0,
              0,
              0,
              0,
              3,
              1_795_856_400L,
              9,
              811_008));
    }
    answer.complete(new ListenerSamples(listed, LISTENERS - listed.size()));
  }

  private static final String NAMESPACE = "n".repeat(63);
  private static final String POD = "p".repeat(253);
}
