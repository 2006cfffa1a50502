package io.listenbacklog.probe.http;

import io.listenbacklog.management.Answer;
import io.listenbacklog.management.Page;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the kubelet is told; nothing of it waits.
 *
 * @param sinceLastTurn how long ago the loop last went round
 * @param swept whether a sweep with a spec is done
 * @param unreached why nothing is heard of the API server; empty: it is
 */
public record Health(
    Supplier<Duration> sinceLastTurn, BooleanSupplier swept, Supplier<Optional<String>> unreached) {
  private static final Duration DEAD = Duration.ofSeconds(30);

  /** {@code /livez} and {@code /readyz}. */
  Map<String, Page> pages() {
    return Map.of("/livez", _ -> live(), "/readyz", _ -> ready());
  }

  private Answer live() {
    var since = sinceLastTurn.get();
    return since.compareTo(DEAD) < 0
        ? Answer.text(200, "ok")
        : Answer.text(503, "the loop stands still for %d s".formatted(since.toSeconds()));
  }

  private Answer ready() {
    var why = unreached.get();
    if (why.isPresent()) return Answer.text(503, why.get());
    return swept.getAsBoolean()
        ? Answer.text(200, "ok")
        : Answer.text(503, "no sweep with a spec is done yet");
  }
}
