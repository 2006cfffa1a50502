package io.listenbacklog.catalogue;

import java.util.regex.Pattern;

/** What a process must have in it to be an application. */
sealed interface Inside {

  /** Nothing in particular. */
  record Any() implements Inside {}

  /** Go's runtime. */
  record Go() implements Inside {}

  /**
   * A library.
   *
   * @param file matches the whole base name of a file that is mapped
   */
  record Mapped(Pattern file) implements Inside {}

  /** Such as {@code go}, {@code maps libcoreclr\.so} or {@code *}. */
  static Inside parse(String column) {
    if (column.equals("*")) return new Any();
    if (column.equals("go")) return new Go();
    if (!column.startsWith("maps ")) {
      throw new IllegalArgumentException("not a runtime: " + column);
    }
    return new Mapped(Pattern.compile(column.substring("maps ".length())));
  }

  /** Without looking at the mapped files. */
  default boolean maybe(Program program) {
    return !(this instanceof Go) || program.goRuntime();
  }

  default boolean isIn(Program program) {
    return switch (this) {
      case Any() -> true;
      case Go() -> program.goRuntime();
      case Mapped(var file) ->
          program.mapped().get().stream().anyMatch(name -> file.matcher(name).matches());
    };
  }
}
