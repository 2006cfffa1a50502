package io.listenbacklog.appconfig.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a container runs.
 *
 * @param command the pod template's {@code command}; empty: the image's entry point
 * @param args the pod template's {@code args}; empty: the image's, unless there is a command
 */
public record Arguments(List<String> command, List<String> args) {
  private static final Set<String> SHELLS =
      Set.of("sh", "bash", "ash", "dash", "zsh", "ksh", "mksh");

  /** Programs that run another one, whose command line follows two hyphens. */
  private static final Set<String> INITS =
      Set.of("tini", "dumb-init", "catatonit", "docker-init", "tini-static");

  /**
   * What a script has and the value of an option {@code -c} has not: blanks, or what a shell reads.
   */
  private static final Pattern SCRIPT = Pattern.compile("[\\s;&|<>()$`\"'\\\\]");

  public Arguments {
    command = List.copyOf(command);
    args = List.copyOf(args);
  }

  /** What became of the attempt to change them. */
  public sealed interface Result {}

  /**
   * They are changed, or have the backlog already.
   *
   * @param from the number that stood there before, as it was written; null where there was none
   */
  public record Changed(Arguments arguments, @Nullable String from) implements Result {}

  /**
   * Nothing is changed.
   *
   * @param reason a clause for people
   */
  public record Refused(String reason) implements Result {}

  /**
   * With the backlog as the value of that one flag.
   *
   * @param flag such as {@code --backlog}, or {@code -p listen_depth}, whose value is then always
   *     joined by an equals sign
   * @param form how it is written where it is not there yet
   */
  public Result set(String flag, FlagForm form, int backlog) {
    var wanted = Flag.of(flag);
    if (wanted == null) return new Refused("the flag must be one word, or an option and a word");
    if (command.isEmpty() && args.isEmpty()) {
      return new Refused(
          "the pod template has no args, and with some the image's own would be lost: write them into"
              + " the pod template first");
    }
    if (runsScript()) return new Refused("a shell runs a script here: it is to be set in there");
    var found = wanted.in(all());
    if (found.size() > 1) return new Refused(flag + " is there more than once");
    if (found.size() == 1) {
      String from = found.getFirst().text();
      if (from.startsWith("$("))
        return new Refused(flag + " has the value of a variable: set that");
      if (!ShellWord.isNumber(from)) return new Refused(flag + " has no number there");
      return new Changed(with(found.getFirst(), String.valueOf(backlog)), from);
    }
    if (all().contains("--") && !isInit()) {
      return new Refused("what follows \"--\" is no flag, and where one belongs cannot be told");
    }
    var more = new ArrayList<>(args);
    more.addAll(wanted.before());
    if (form == FlagForm.SEPARATE && wanted.maySeparate()) {
      more.add(wanted.name());
      more.add(String.valueOf(backlog));
    } else {
      more.add(wanted.name() + "=" + backlog);
    }
    var changed = new Arguments(command, more);
    // What cannot be read again could be neither kept nor taken back.
    return wanted.isOnceIn(changed.all(), backlog) && !changed.runsScript()
        ? new Changed(changed, null)
        : new Refused(flag + " could not be found again there");
  }

  /**
   * These, with that one flag as it was before {@link #set}; what others changed since stays.
   *
   * @param before what {@link #set} was asked of
   * @param after what it made of it
   */
  public Result undo(Arguments before, Arguments after, String flag) {
    if (equals(after)) return new Changed(before, null);
    var wanted = Flag.of(flag);
    if (wanted == null) return new Refused("the flag must be one word, or an option and a word");
    var had = wanted.in(before.all());
    var got = wanted.in(after.all());
    var has = wanted.in(all());
    if (has.isEmpty()) return new Refused(flag + " is not there any more");
    if (has.size() > 1
        || got.size() != 1
        || had.size() > 1
        || !has.getFirst().text().equals(got.getFirst().text())) {
      return new Refused("somebody changed it since");
    }
    String ours = has.getFirst().text();
    return new Changed(
        had.isEmpty() ? without(has.getFirst()) : with(has.getFirst(), had.getFirst().text()),
        ours);
  }

  private List<String> all() {
    var all = new ArrayList<>(command);
    all.addAll(args);
    return all;
  }

  private Arguments with(Flag.Found found, String number) {
    var all = all();
    String word = all.get(found.number());
    String head = word.substring(0, word.length() - found.text().length());
    all.set(found.number(), head + number);
    return split(all, command.size());
  }

  private Arguments without(Flag.Found found) {
    var all = all();
    all.subList(found.first(), found.number() + 1).clear();
    int inCommand = Math.min(command.size(), found.number() + 1) - found.first();
    return split(all, command.size() - Math.max(0, inCommand));
  }

  private static Arguments split(List<String> all, int commands) {
    return new Arguments(all.subList(0, commands), all.subList(commands, all.size()));
  }

  private boolean isInit() {
    var all = all();
    return INITS.contains(baseName(all.getFirst())) && all.indexOf("--") == all.lastIndexOf("--");
  }

  private boolean runsScript() {
    var all = all();
    if (command.isEmpty() && mayBeScript(args)) return true;
    for (int at = 0; at < all.size(); at++) {
      if (!SHELLS.contains(baseName(all.get(at)))) continue;
      for (int option = at + 1; option < all.size() && isOption(all.get(option)); option++) {
        String word = all.get(option);
        if (!word.startsWith("--") && word.indexOf('c') > 0) return true;
        // -o and -O have an operand, such as pipefail.
        if (!word.startsWith("--") && word.toLowerCase(Locale.ROOT).endsWith("o")) option++;
      }
    }
    return false;
  }

  /** The entry point of an image may be a shell; others have an option {@code -c} too. */
  private static boolean mayBeScript(List<String> args) {
    return args.size() > 1 && args.getFirst().equals("-c") && SCRIPT.matcher(args.get(1)).find();
  }

  private static boolean isOption(String word) {
    return word.startsWith("-") || word.startsWith("+");
  }

  private static String baseName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
