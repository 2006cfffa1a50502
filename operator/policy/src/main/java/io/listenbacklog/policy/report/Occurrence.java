package io.listenbacklog.policy.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.PodReference;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * Something that happened to a pod and is worth an Event.
 *
 * @param type of the Event
 * @param reason one of {@link EventReasons}
 * @param what it happened to: a listener's address, a sysctl's name, an annotation's key
 * @param episode tells it from the same thing happening again: a point in time, as a rule
 * @param at when
 * @param action what the operator did, tried or found out: one CamelCase word
 * @param note for people, at most 1 KiB of UTF-8
 */
public record Occurrence(
    PodReference pod,
    EventType type,
    String reason,
    String what,
    String episode,
    Instant at,
    String action,
    String note) {

  private static final int HASH_LENGTH = 24;

  /** The type of an Event. */
  public enum EventType {
    NORMAL("Normal"),
    WARNING("Warning");

    private final String text;

    EventType(String text) {
      this.text = text;
    }

    /** As Kubernetes writes it. */
    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * The name of its Event. Same pod, thing, reason and episode: same name, before and after a
   * restart.
   */
  public String eventName() {
    String said = String.join("\n", pod.uid(), what, reason, episode); // "a"+"bc" is not "ab"+"c"
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
