package io.listenbacklog.probe.state;

import io.listenbacklog.api.AppliedRemedy;
import io.listenbacklog.api.Hindrance;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.Reopened;
import io.listenbacklog.api.Stall;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.probe.journal.JournalEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What was true of listeners of a namespace that are closed: so that one that is opened anew in
 * their place, again and again, is one story. Bounded: an application may use any number of ports.
 */
public final class ClosedListeners {
  /** More are forgotten, those first that were closed first. */
  private static final int MOST = 64;

  /** As long as the API server keeps an Event: what comes later is another story. */
  private static final Duration KEPT = Duration.ofHours(1);

  /** Who waits longer before he opens his listener anew has begun anew. */
  private static final long REOPENED_NANOS = Duration.ofMinutes(1).toNanos();

  /** Process ids and the like are another's each time. */
  private static final Pattern NUMBERS = Pattern.compile("[0-9]+");

  /**
   * @param what was true: that it was raised, too small, or why it could not be raised
   */
  private record Story(String address, String what) {}

  /**
   * @param times how many were closed
   * @param first when it became true of the first of them
   * @param last when the last was closed
   */
  private record Closed(int times, Instant first, Instant last) {}

  private final Map<Story, Closed> closed = new LinkedHashMap<>();

  /**
   * @param nanos when it was closed
   */
  private record ClosedAtLimit(Stall stall, long nanos) {}

  /** By address: stalls of processes that can open no more files, which outlive a listener. */
  private final Map<String, ClosedAtLimit> atLimit = new LinkedHashMap<>();

  /**
   * What is still so of one that was opened anew: its process can open no more files, whichever
   * listener that is about; null: nothing.
   */
  public @Nullable Stall stallBefore(ListenerState opened, long nanos) {
    if (!holdsStalls(nanos)) return null;
    var before = atLimit.remove(opened.id.text());
    return before == null ? null : before.stall;
  }

  /** Whether there is any to be handed on. */
  public boolean holdsStalls(long nanos) {
    atLimit.values().removeIf(each -> nanos - each.nanos > REOPENED_NANOS);
    return !atLimit.isEmpty();
  }

  private void keepStall(ListenerState gone, long nanos) {
    var stall = gone.symptoms.stall();
    if (stall == null || stall.until() != null || !stall.provenByDescriptorsAlone()) return;
    atLimit.put(gone.id.text(), new ClosedAtLimit(stall, nanos));
    if (atLimit.size() > MOST) forgetFirst(atLimit);
  }

  private static void forgetFirst(Map<?, ?> map) {
    Iterator<?> all = map.keySet().iterator();
    all.next();
    all.remove();
  }

  /** A listener is gone. One that was too young to be told of is none. */
  public void closed(
      ListenerState gone, JournalEntry.@Nullable Backlog entry, Instant now, long nanos) {
    keepStall(gone, nanos);
    if (entry == null && gone.age.isYoung(nanos)) return;
    var remedy = entry == null ? null : entry.raised().remedy();
    String what =
        what(
            remedy,
            gone.retry.hindrance(),
            gone.judgement.verdict(),
            gone.backlog(),
            gone.judgement.required());
    if (what == null) return;
    var story = new Story(gone.id.text(), what);
    var before = told(story, now);
    var first =
        before != null
            ? before.first()
            : begin(remedy, gone.retry.hindrance(), gone.judgement.since());
    closed.remove(story);
    closed.put(story, new Closed(before == null ? 1 : before.times() + 1, first, now));
    if (closed.size() > MOST) forgetFirst(closed);
  }

  /** What there was before a listener that is told of now; null: nothing. */
  public @Nullable Reopened before(
      ListenerState listener, JournalEntry.@Nullable Backlog entry, Instant now) {
    if (closed.isEmpty()) return null;
    String what =
        what(
            entry == null ? null : entry.raised().remedy(),
            listener.retry.hindrance(),
            listener.judgement.verdict(),
            listener.backlog(),
            listener.judgement.required());
    var before = what == null ? null : told(new Story(listener.id.text(), what), now);
    return before == null ? null : new Reopened(before.times() + 1, before.first());
  }

  /** An earlier probe told of it. */
  public void recall(NodeListener told, Instant now) {
    var reopened = told.reopened();
    if (reopened == null || closed.size() == MOST) return;
    String what =
        what(told.remedy(), told.hindrance(), told.verdict(), told.backlog(), told.required());
    if (what == null) return;
    closed.putIfAbsent(
        new Story(told.address(), what),
        new Closed(Math.max(1, reopened.times() - 1), reopened.first(), now));
  }

  private @Nullable Closed told(Story story, Instant now) {
    var before = closed.get(story);
    return before == null || before.last().plus(KEPT).isBefore(now) ? null : before;
  }

  /** What is told of a listener, as far as it matters; null: nothing. */
  private static @Nullable String what(
      @Nullable AppliedRemedy remedy,
      @Nullable Hindrance hindrance,
      Verdict verdict,
      int backlog,
      int required) {
    if (remedy != null) return "raised %d %d".formatted(remedy.original(), remedy.applied());
    if (hindrance != null) {
      return hindrance.reason() + " " + NUMBERS.matcher(hindrance.message()).replaceAll("#");
    }
    return verdict.undersized() ? "too small %s %d %d".formatted(verdict, backlog, required) : null;
  }

  private static Instant begin(
      @Nullable AppliedRemedy remedy, @Nullable Hindrance hindrance, Instant since) {
    if (remedy != null) return remedy.at();
    return hindrance != null ? hindrance.since() : since;
  }
}
