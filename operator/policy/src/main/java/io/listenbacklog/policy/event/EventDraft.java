package io.listenbacklog.policy.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.policy.event.kind.EventType;
import io.listenbacklog.policy.event.kind.Series;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An Event to be written: what happened, to what, and in which words.
 *
 * @param regarding the pod it happened to, as a rule
 * @param type of the Event
 * @param reason one of {@link EventReasons}
 * @param what it happened to: a listener's address, a sysctl's name, an annotation's key
 * @param episodes tell it from the same thing happening again: points in time, as a rule. The first
 *     names the Event; there are more where several sockets make up one listener, and an Event of
 *     any of them has said it.
 * @param at when it happened, or was seen to be what the note says
 * @param action what the operator did, tried or found out: one CamelCase word
 * @param note for people, at most 1 KiB of UTF-8
 * @param series null: it happens once
 * @param alike what makes the same on another pod redundant; null: it is always written
 */
public record EventDraft(
    Regarding regarding,
    EventType type,
    String reason,
    String what,
    List<String> episodes,
    Instant at,
    String action,
    String note,
    @Nullable Series series,
    @Nullable SimilarityKey alike) {

  private static final int HASH_LENGTH = 24;

  public EventDraft {
    episodes = List.copyOf(episodes);
  }

  /**
   * The name of its Event. Same object, thing, reason and episode: same name, before and after a
   * restart.
   */
  public String eventName() {
    return name(episodes.getFirst());
  }

  /** The names of all Events of which one is enough. */
  public List<String> eventNames() {
    return episodes.stream().map(this::name).toList();
  }

  /** When it was seen last. */
  Instant last() {
    return series == null ? at : series.last();
  }

  private String name(String episode) {
    // "a"+"bc" is not "ab"+"c"
    String said = String.join("\n", regarding.uid(), what, reason, episode);
    return "backlog." + sha256(said).substring(0, HASH_LENGTH);
  }

  private static String sha256(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
