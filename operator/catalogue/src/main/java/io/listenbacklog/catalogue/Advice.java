package io.listenbacklog.catalogue;

import java.util.regex.Pattern;

/** What an application asks for by itself, and where to set it: a sentence. */
record Advice(String inCluster, String onHost) {
  private static final Pattern ALTERNATIVES = Pattern.compile("\\{([^{|}]*)\\|([^{|}]*)}");

  /** Such as {@code sshd asks for 128: {a policy raises it|it has no setting}.} */
  static Advice parse(String column) {
    var alternatives = ALTERNATIVES.matcher(column);
    return new Advice(alternatives.replaceAll("$1"), alternatives.replaceAll("$2"));
  }
}
