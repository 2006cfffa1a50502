package io.listenbacklog.policy.resolve.selector;

import java.util.regex.Pattern;

/**
 * Syntax of labels: <a
 * href="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/">Labels and
 * Selectors</a>.
 */
final class LabelSyntax {
  private static final int NAME_LENGTH = 63;
  private static final int PREFIX_LENGTH = 253;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");
  private static final Pattern PREFIX =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  static boolean isKey(String key) {
    int slash = key.indexOf('/');
    return isName(key.substring(slash + 1)) && (slash < 0 || isPrefix(key.substring(0, slash)));
  }

  static boolean isValue(String value) {
    return value.isEmpty() || isName(value);
  }

  private static boolean isName(String name) {
    return name.length() <= NAME_LENGTH && NAME.matcher(name).matches();
  }

  private static boolean isPrefix(String prefix) {
    return prefix.length() <= PREFIX_LENGTH && PREFIX.matcher(prefix).matches();
  }

  private LabelSyntax() {}
}
