package io.listenbacklog.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Condition;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.Stall;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.policy.event.EventPlanner;
import io.listenbacklog.policy.event.Ticking;
import io.listenbacklog.policy.event.kind.Explanations;
import io.listenbacklog.probe.json.Json;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of statuses that follow each other. */
class FindingsTest {
  private static final Instant BEGAN = Instant.parse("2026-11-29T03:00:00Z");
  private static final PolicyReference POLICY =
      new PolicyReference(HostPolicy.KIND, "", "web", "uid", 1);

  private final StringWriter out = new StringWriter();
  private final Ticking clock = new Ticking(BEGAN.plusSeconds(10));
  private Findings findings = findings(Map.of());

  private Findings findings(Map<String, Told.Said> said) {
    return new Findings(
        new EventPlanner(Explanations.ofHost(Catalogue.standard())),
        new Governance(List.of(), false),
        new Clocks(clock, System::nanoTime),
        new WatchLines(new PrintWriter(out), true),
        said);
  }

  private static NodeBacklogStatus status(List<NodeListener> listeners, Condition... capabilities) {
    return new NodeBacklogStatus(
        1L, "boot", List.of(capabilities), List.of(), listeners, List.of(), List.of());
  }

  private static NodeListener stalled(int waiting, Instant seen, @Nullable Instant until) {
    return new NodeListener(
        new PodReference("uid", "web.service", "web.service"),
        POLICY,
        "",
        "gunicorn",
        4242,
        null,
        "0.0.0.0:8000",
        1,
        2,
        "0000000000000003",
        128,
        128,
        64,
        4096,
        Verdict.SUFFICIENT,
        BEGAN,
        null,
        null,
        null,
        null,
        new Stall(
            waiting, 5000, 0, 128, 1, 1, List.of(), 1, BEGAN, BEGAN, seen, until, null, null, null,
            null, null, false),
        null);
  }

  private List<String> lines() {
    return out.toString().lines().toList();
  }

  @Test
  void aStallIsSaidOnceHoweverLongItLastsAndOnceMoreWhenItIsOver() {
    findings.tell(status(List.of(stalled(3, clock.instant(), null))));
    clock.pass(Duration.ofSeconds(60));
    findings.tell(status(List.of(stalled(9, clock.instant(), null))));
    assertThat(lines()).hasSize(1);
    assertThat(lines().getFirst())
        .startsWith("<4>AcceptStalled web.service: gunicorn, pid 4242 stopped accepting");

    var over = status(List.of(stalled(9, clock.instant(), clock.instant())));
    findings.tell(over);
    findings.tell(over);

    assertThat(lines()).hasSize(2);
    assertThat(lines().getLast()).contains("accepted nothing on 0.0.0.0:8000 for", "until");
  }

  @Test
  void whatWasSaidBeforeARestartIsNotSaidAgain(@TempDir Path folder) throws IOException {
    var status = status(List.of(stalled(3, clock.instant(), null)));
    findings.tell(status);
    new Told("boot", status, findings.said()).write(folder, Json.mapper());

    var told = Told.read(folder, "boot", Json.mapper());
    findings = findings(told.said());
    findings.tell(status);

    assertThat(told.status()).isEqualTo(status);
    assertThat(lines()).hasSize(1);
    assertThat(Told.read(folder, "another boot", Json.mapper()).said()).isEmpty();
    Files.writeString(folder.resolve("told.json"), "{\"said\": 5");
    assertThat(Told.read(folder, "boot", Json.mapper()).said()).isEmpty();
  }

  @Test
  void whatWasSaidIsForgottenWhenItIsPast() {
    findings.tell(status(List.of(stalled(3, clock.instant(), null))));
    clock.pass(Duration.ofHours(2));
    findings.tell(status(List.of()));

    assertThat(findings.said()).isEmpty();
  }

  @Test
  void whatCannotBeDoneIsSaidWhenItBegins() {
    var missing = condition("False", "Backlogs of live listeners cannot be raised: EPERM");
    findings.tell(status(List.of(), missing));
    findings.tell(status(List.of(), missing));
    findings.tell(status(List.of(), condition("True", "It can.")));
    findings.tell(status(List.of(), missing));

    assertThat(lines())
        .hasSize(2)
        .allMatch(
            each -> each.equals("<4>Relisten: Backlogs of live listeners cannot be raised: EPERM"));
  }

  private static Condition condition(String status, String message) {
    return new Condition("Relisten", status, null, BEGAN, "Refused", message);
  }
}
