package io.listenbacklog.appconfig.command;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a container runs.
 *
 * @param command the pod template's {@code command}; empty: the image's entry point
 * @param args the pod template's {@code args}; empty: the image's, unless there is a command
 */
public record Arguments(List<String> command, List<String> args) {
  public Arguments {
    command = List.copyOf(command);
    args = List.copyOf(args);
  }

  /** What became of the attempt to change them. */
  public sealed interface Result {}

  /**
   * They are changed.
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
    return new Refused("not known yet");
  }

  /**
   * These, with that one flag as it was before {@link #set}; what others changed since stays.
   *
   * @param before what {@link #set} was asked of
   * @param after what it made of it
   */
  public Result undo(Arguments before, Arguments after, String flag) {
    return new Refused("not known yet");
  }
}
