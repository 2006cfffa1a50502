package io.listenbacklog.appconfig.format;

import java.util.ArrayList;
import java.util.List;

/**
 * Where in a tree of mappings and lists something is: {@code net.listenBacklog}, {@code a[0].b}.
 */
record TreePath(List<Step> steps) {
  private static final int MOST_STEPS = 32;
  private static final int MOST_DIGITS = 6;

  /** One step down. */
  sealed interface Step {}

  record Key(String name) implements Step {}

  /** From 0. */
  record Element(int index) implements Step {}

  TreePath {
    steps = List.copyOf(steps);
  }

  static TreePath of(String path) throws Unreadable {
    var steps = new ArrayList<Step>();
    int at = 0;
    while (at < path.length()) {
      if (path.charAt(at) == '[') {
        int end = path.indexOf(']', at);
        String digits = end < 0 ? "" : path.substring(at + 1, end);
        if (digits.isEmpty()
            || digits.length() > MOST_DIGITS
            || !digits.chars().allMatch(each -> each >= '0' && each <= '9')) {
          throw malformed();
        }
        steps.add(new Element(Integer.parseInt(digits)));
        at = end + 1;
      } else if (path.charAt(at) == '"') {
        int end = path.indexOf('"', at + 1);
        if (end < 0) throw malformed();
        steps.add(new Key(path.substring(at + 1, end)));
        at = end + 1;
      } else {
        int end = at;
        while (end < path.length() && ".[\"".indexOf(path.charAt(end)) < 0) end++;
        if (end == at) throw malformed();
        steps.add(new Key(path.substring(at, end)));
        at = end;
      }
      if (at < path.length() && path.charAt(at) == '.') {
        at++;
        if (at == path.length()) throw malformed();
      } else if (at < path.length() && path.charAt(at) != '[') {
        throw malformed();
      }
    }
    if (steps.isEmpty() || steps.size() > MOST_STEPS || !(steps.getLast() instanceof Key)) {
      throw malformed();
    }
    return new TreePath(steps);
  }

  private static Unreadable malformed() {
    return new Unreadable(0, "the path must be keys with a dot between, such as net.listenBacklog");
  }

  /** What is left of it after so many steps, as if it were one key. */
  String dottedFrom(int step) {
    var names = new StringBuilder();
    for (var each : steps.subList(step, steps.size())) {
      if (!names.isEmpty()) names.append('.');
      names.append(
          switch (each) {
            case Key(var name) -> name;
            case Element(var index) -> "[" + index + "]";
          });
    }
    return names.toString();
  }
}
