package io.listenbacklog.policy.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.policy.event.kind.EventType;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventDraftTest {
  private static final Instant AT = Instant.parse("2026-11-22T12:00:00Z");

  @Test
  void theSameThingHasTheSameNameWhateverTheTextSays() {
    assertThat(occurrence("uid", "0.0.0.0:80", "1", "text").eventName())
        .isEqualTo(occurrence("uid", "0.0.0.0:80", "1", "another text").eventName())
        .as("pinned: another name would repeat every Event after an upgrade")
        .isEqualTo("backlog.047304afba24f5e507ca13c6");
  }

  @Test
  void anotherPodThingOrEpisodeHasAnotherName() {
    String name = occurrence("uid", "0.0.0.0:80", "1", "").eventName();
    assertThat(occurrence("uie", "0.0.0.0:80", "1", "").eventName()).isNotEqualTo(name);
    assertThat(occurrence("uid", "0.0.0.0:81", "1", "").eventName()).isNotEqualTo(name);
    assertThat(occurrence("uid", "0.0.0.0:80", "2", "").eventName()).isNotEqualTo(name);
  }

  @Test
  void whereOneFieldEndsAndTheNextBeginsCounts() {
    assertThat(occurrence("a", "bc", "1", "").eventName())
        .isNotEqualTo(occurrence("ab", "c", "1", "").eventName());
  }

  @Test
  void theNameIsOneThatKubernetesTakes() {
    assertThat(occurrence("uid", "[::]:80", "1", "").eventName()).matches("backlog\\.[0-9a-f]{24}");
  }

  private static EventDraft occurrence(String uid, String what, String episode, String note) {
    return new EventDraft(
        Regarding.of(new PodReference(uid, "shop", "web")),
        EventType.WARNING,
        EventReasons.BACKLOG_TOO_SMALL,
        what,
        List.of(episode),
        AT,
        "Assess",
        note,
        null,
        null);
  }
}
