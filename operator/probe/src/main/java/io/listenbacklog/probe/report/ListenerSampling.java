package io.listenbacklog.probe.report;

import io.listenbacklog.api.PodReference;
import io.listenbacklog.policy.assess.Place;
import io.listenbacklog.policy.assess.QueueMemory;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.time.Clocks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every listener of a governed pod, as metrics show it. */
final class ListenerSampling {
  private ListenerSampling() {}

  /** At most so many; what is beyond the bound is counted. */
  static ListenerSamples of(
      @Nullable NodeSpec spec, Collection<NamespaceState> namespaces, int most, Clocks clocks) {
    if (spec == null) return new ListenerSamples(List.of(), 0);
    var samples = new ArrayList<ListenerSample>();
    int leftOut = 0;
    var now = clocks.now();
    long nanos = clocks.nanos();
    for (var namespace : namespaces) {
      for (var each : namespace.all()) {
        var pod = each.pod(spec);
        if (pod == null || pod.ignores(each.place())) continue;
        if (samples.size() < most) samples.add(sample(pod.pod().reference(), each, now, nanos));
        else leftOut++;
      }
    }
    return new ListenerSamples(samples, leftOut);
  }

  private static ListenerSample sample(
      PodReference pod, ListenerState listener, Instant now, long nanos) {
    var stall = listener.symptoms.stall();
    long stalledMillis =
        stall == null || stall.until() != null
            ? 0
            : Math.max(1, Duration.between(stall.since(), now).toMillis());
    var peak = Peaks.of(listener, now, nanos);
    return new ListenerSample(
        pod.namespace(),
        pod.name(),
        listener.ownership.attribution().container(),
        listener.id.text(),
        listener.inode,
        listener.backlog(),
        listener.queue(),
        listener.judgement.required(),
        listener.drops.count(),
        listener.drops.overflows(),
        listener.drops.overflowedBacklog(),
        stalledMillis,
        peak == null ? 0 : peak.connections(),
        peak == null ? 0 : peak.at().getEpochSecond(),
        (int) Duration.ofNanos(nanos - listener.age.watchedSinceNanos()).toSeconds(),
        listener.place() instanceof Place.Path ? 0 : QueueMemory.mostBytes(listener.backlog()));
  }
}
