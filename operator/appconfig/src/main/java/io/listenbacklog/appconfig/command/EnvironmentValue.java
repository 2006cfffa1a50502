package io.listenbacklog.appconfig.command;

import org.jspecify.annotations.Nullable;

/** The value of one variable of the environment, and the backlog in it. */
public final class EnvironmentValue {
  private EnvironmentValue() {}

  /** What became of the attempt to change one. */
  public sealed interface Result {}

  /**
   * It is changed.
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
    return new Refused("not known yet");
  }

  /**
   * The value as it was before {@link #set}; what others changed in it since stays.
   *
   * @param before what it was; null where the variable was not set
   * @param after what {@link #set} made of it
   * @param now what it is now
   */
  public static Result undo(@Nullable String before, String after, @Nullable String now) {
    return new Refused("not known yet");
  }
}
