package io.listenbacklog.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The names of a machine's own users, passwd(5). One from elsewhere (LDAP) stays a number. */
record UserNames(Map<String, String> byNumber) {
  private static final int FIELDS = 7;

  UserNames {
    byNumber = Map.copyOf(byNumber);
  }

  /** As {@code /etc/passwd} has them; none where it cannot be read. */
  static UserNames ofMachine() {
    try {
      return of(Files.readAllLines(Path.of("/etc/passwd")));
    } catch (IOException e) {
      return new UserNames(Map.of());
    }
  }

  static UserNames of(List<String> passwd) {
    var names = new HashMap<String, String>();
    for (String line : passwd) {
      var fields = line.split(":", -1);
      if (fields.length == FIELDS) names.putIfAbsent(fields[2], fields[0]);
    }
    return new UserNames(names);
  }

  String name(long user) {
    String number = Long.toString(user);
    return byNumber.getOrDefault(number, number);
  }
}
