package io.listenbacklog.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AccessTest {
  private final AtomicLong nanos = new AtomicLong();
  private final List<String> reviewed = new ArrayList<>();
  private final Page page =
      new Access(this::review, nanos::get).guarding(_ -> Answer.text(200, "the figures"));

  private Access.Verdict review(String token, String path) throws IOException {
    reviewed.add(token);
    return switch (token) {
      case "prometheus" -> Access.Verdict.ALLOWED;
      case "tenant" -> Access.Verdict.FORBIDDEN;
      case "away" -> throw new IOException("no answer");
      default -> Access.Verdict.UNKNOWN;
    };
  }

  @Test
  void whoMaySeesAndOthersAreToldWhatIsMissing() {
    assertThat(status("prometheus")).isEqualTo(200);
    assertThat(status("tenant")).isEqualTo(403);
    assertThat(status("made up")).isEqualTo(401);
    assertThat(status("away")).isEqualTo(503);
    assertThat(page.answer(new Request("10.0.0.1", "/metrics", Optional.empty())).status())
        .isEqualTo(401);
  }

  @Test
  void whatWasAnsweredHoldsForAMinuteAndARefusalForTenSeconds() {
    for (int i = 0; i < 20; i++) {
      assertThat(status("prometheus")).isEqualTo(200);
      assertThat(status("tenant")).isEqualTo(403);
    }
    assertThat(reviewed).containsExactly("prometheus", "tenant");

    nanos.addAndGet(Duration.ofSeconds(11).toNanos());
    assertThat(status("prometheus")).isEqualTo(200);
    assertThat(status("tenant")).isEqualTo(403);
    assertThat(reviewed).containsExactly("prometheus", "tenant", "tenant");

    nanos.addAndGet(Duration.ofSeconds(50).toNanos());
    assertThat(status("prometheus")).isEqualTo(200);
    assertThat(reviewed).containsExactly("prometheus", "tenant", "tenant", "prometheus");
  }

  /** One client with tokens without end neither floods the API server nor pushes out another. */
  @Test
  void tokensWithoutEndAreReviewedOneASecondAndPushOutNobody() {
    assertThat(status("prometheus")).isEqualTo(200);
    for (int i = 0; i < 1000; i++) {
      page.answer(new Request("10.0.0.66", "/metrics", Optional.of("made up " + i)));
      nanos.addAndGet(Duration.ofMillis(10).toNanos());
    }
    assertThat(reviewed).hasSizeBetween(10, 20);
    assertThat(status("prometheus")).isEqualTo(200);
    assertThat(reviewed).containsOnlyOnce("prometheus");
  }

  @Test
  void tokensOfManyAddressesPushOutNobodyEither() {
    assertThat(status("prometheus")).isEqualTo(200);
    for (int i = 0; i < 1000; i++) {
      page.answer(new Request("10.0.1." + i, "/metrics", Optional.of("made up " + i)));
    }
    assertThat(status("prometheus")).isEqualTo(200);
    assertThat(reviewed).containsOnlyOnce("prometheus");
  }

  private int status(String token) {
    return page.answer(new Request("10.0.0.1", "/metrics", Optional.of(token))).status();
  }
}
