package io.listenbacklog.host;

import java.util.regex.Pattern;

/**
 * A name in which {@code *} stands for anything, nothing too, and {@code ?} for one character.
 *
 * @param text as it is written
 */
record Glob(String text) {

  boolean matches(String name) {
    return pattern().matcher(name).matches();
  }

  /** Whether it leaves nothing out. */
  boolean isAll() {
    return text.chars().allMatch(each -> each == '*');
  }

  private Pattern pattern() {
    var regex = new StringBuilder();
    text.codePoints()
        .forEach(
            each -> {
              switch (each) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(Character.toString(each)));
              }
            });
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }
}
