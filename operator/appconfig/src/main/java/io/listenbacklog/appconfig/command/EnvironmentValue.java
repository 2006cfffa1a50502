package io.listenbacklog.appconfig.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The value of one variable of the environment, and the backlog in it. */
public final class EnvironmentValue {
  private static final String PLACEHOLDER = "$(backlog)";

  private EnvironmentValue() {}

  /** What became of the attempt to change one. */
  public sealed interface Result {}

  /**
   * It is changed, or it has the backlog already.
   *
   * @param value the whole value; null: the variable is to be removed, for it was not there
   * @param from the number that stood there before, as it was written; null where there was none
   */
  public record Changed(@Nullable String value, @Nullable String from) implements Result {}

  /**
   * Nothing is changed.
   *
   * @param reason a clause for people
   */
  public record Refused(String reason) implements Result {}

  /**
   * The value with the backlog in it.
   *
   * @param current what it is now; null where the variable is not set
   * @param value such as {@code --backlog=$(backlog)}: what to set; {@code $(backlog)} stands for
   *     the number
   */
  public static Result set(@Nullable String current, String value, Combine combine, int backlog) {
    int placeholder = value.indexOf(PLACEHOLDER);
    if (placeholder < 0 || value.indexOf(PLACEHOLDER, placeholder + 1) >= 0) {
      return new Refused("the value must have $(backlog) in it once");
    }
    String head = value.substring(0, placeholder);
    String tail = value.substring(placeholder + PLACEHOLDER.length());
    String text = head + backlog + tail;
    return switch (combine) {
      case SET -> new Changed(text, numberBetween(current, head, tail));
      case APPEND -> append(current, head, tail, text, backlog);
    };
  }

  private static @Nullable String numberBetween(
      @Nullable String current, String head, String tail) {
    if (current == null
        || current.length() < head.length() + tail.length()
        || !current.startsWith(head)
        || !current.endsWith(tail)) {
      return null;
    }
    String middle = current.substring(head.length(), current.length() - tail.length());
    return ShellWord.isNumber(middle) ? middle : null;
  }

  private static Result append(
      @Nullable String current, String head, String tail, String text, int backlog) {
    var flag = flag(head);
    if (flag == null || !tail.isBlank()) {
      return new Refused("the value must be one flag with $(backlog) at its end");
    }
    if (current == null || current.isBlank()) return added(text, flag, backlog);
    var words = ShellWord.split(current).orElse(null);
    if (words == null) return new Refused("a quote in its value has no end");
    var found = flag.in(words.stream().map(ShellWord::text).toList());
    if (found.size() > 1) return new Refused(flag.name() + " is there more than once");
    if (found.isEmpty()) {
      boolean open = Character.isWhitespace(current.charAt(current.length() - 1));
      return added(current + (open ? "" : " ") + text, flag, backlog);
    }
    String from = found.getFirst().text();
    if (!ShellWord.isNumber(from)) return new Refused(flag.name() + " has no number there");
    int start = words.get(found.getFirst().number()).startOfEnding(current, from);
    if (start < 0) return new Refused(flag.name() + " is written with escapes there");
    return new Changed(
        current.substring(0, start) + backlog + current.substring(start + from.length()), from);
  }

  /** What cannot be read again could be neither kept nor taken back. */
  private static Result added(String value, Flag flag, int backlog) {
    boolean isThere =
        ShellWord.split(value).map(words -> flag.isOnceIn(texts(words), backlog)).orElse(false);
    return isThere
        ? new Changed(value, null)
        : new Refused(flag.name() + " could not be found again there");
  }

  /** The flag that stands before the number. */
  private static @Nullable Flag flag(String head) {
    var words = new ArrayList<>(List.of(head.trim().split("[ \t]+", -1)));
    String name = words.removeLast();
    boolean separate = !head.isEmpty() && Character.isWhitespace(head.charAt(head.length() - 1));
    if (name.isEmpty() || head.indexOf('"') >= 0 || head.indexOf('\'') >= 0) return null;
    if (name.endsWith("=")) return new Flag(words, name.substring(0, name.length() - 1), "=");
    return words.isEmpty() ? new Flag(words, name, separate ? "=" : "") : null;
  }

  /**
   * The value as it was before {@link #set}; what others changed in it since stays.
   *
   * @param before what it was; null where the variable was not set
   * @param after what {@link #set} made of it
   * @param now what it is now
   */
  public static Result undo(@Nullable String before, String after, @Nullable String now) {
    if (now == null) return new Refused("the variable is not there any more");
    if (now.equals(after)) return new Changed(before, null);
    var had = ShellWord.split(before == null ? "" : before).orElse(null);
    var got = ShellWord.split(after).orElse(null);
    var has = ShellWord.split(now).orElse(null);
    if (had == null || got == null || has == null) {
      return new Refused("somebody changed it since");
    }
    return had.size() == got.size()
        ? undoReplaced(before == null ? "" : before, had, got, now, has)
        : undoAppended(before, had, got, now, has);
  }

  private static Result undoReplaced(
      String before, List<ShellWord> had, List<ShellWord> got, String now, List<ShellWord> has) {
    int changed = 0;
    while (changed < had.size() && had.get(changed).text().equals(got.get(changed).text())) {
      changed++;
    }
    if (changed == had.size()) return new Refused("somebody changed it since");
    // A number of its own means something only together with the flag before it.
    boolean number = ShellWord.isNumber(got.get(changed).text());
    if (number && changed == 0) return new Refused("somebody changed it since");
    int first = number ? changed - 1 : changed;
    int at = onlyPlace(texts(got).subList(first, changed + 1), texts(has));
    if (at < 0) return new Refused("somebody changed it since");
    var ours = has.get(at + changed - first);
    var theirs = had.get(changed);
    return new Changed(
        now.substring(0, ours.start())
            + before.substring(theirs.start(), theirs.end())
            + now.substring(ours.end()),
        null);
  }

  private static Result undoAppended(
      @Nullable String before,
      List<ShellWord> had,
      List<ShellWord> got,
      String now,
      List<ShellWord> has) {
    if (got.size() < had.size() || !texts(got).subList(0, had.size()).equals(texts(had))) {
      return new Refused("somebody changed it since");
    }
    var added = texts(got).subList(had.size(), got.size());
    int at = onlyPlace(added, texts(has));
    if (at < 0) return new Refused("somebody changed it since");
    int last = at + added.size() - 1;
    // With the blanks before it, or after it where it is the first.
    int start = at == 0 ? has.get(at).start() : has.get(at - 1).end();
    int end = at == 0 && last + 1 < has.size() ? has.get(last + 1).start() : has.get(last).end();
    String left = now.substring(0, start) + now.substring(end);
    return new Changed(before == null && left.isBlank() ? null : left, null);
  }

  private static List<String> texts(List<ShellWord> words) {
    return words.stream().map(ShellWord::text).toList();
  }

  /** Where some words stand among others; -1 where they do not, or more than once. */
  private static int onlyPlace(List<String> some, List<String> all) {
    int place = -1;
    for (int at = 0; at + some.size() <= all.size(); at++) {
      if (!all.subList(at, at + some.size()).equals(some)) continue;
      if (place >= 0) return -1;
      place = at;
    }
    return place;
  }
}
