package io.listenbacklog.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names of a machine's own users, passwd(5), as they are now. One from elsewhere (LDAP) stays a
 * number. Of any thread.
 */
final class UserNames {
  private static final int FIELDS = 7;

  private final Path passwd;
  private Map<String, String> byNumber = Map.of();

  /** Of the file when it was read last; null: it never was. */
  private @Nullable FileTime asOf;

  private UserNames(Path passwd) {
    this.passwd = passwd;
  }

  /** As {@code /etc/passwd} has them. */
  static UserNames ofMachine() {
    return of(Path.of("/etc/passwd"));
  }

  /** As such a file has them; none as long as it cannot be read. */
  static UserNames of(Path passwd) {
    return new UserNames(passwd);
  }

  String name(long user) {
    String number = Long.toString(user);
    return names().getOrDefault(number, number);
  }

  /** Read anew whenever the file was changed: to ask that costs some 2 µs. */
  private synchronized Map<String, String> names() {
    try {
      var time = Files.getLastModifiedTime(passwd);
      if (!time.equals(asOf)) {
        // Names are ASCII; what people are called need not be of any one encoding.
        byNumber = parsed(Files.readAllLines(passwd, ISO_8859_1));
        asOf = time;
      }
    } catch (IOException e) {
      // Those that were read last: it may be about to be replaced.
    }
    return byNumber;
  }

  private static Map<String, String> parsed(List<String> lines) {
    var names = new HashMap<String, String>();
    for (String line : lines) {
      var fields = line.split(":", -1);
      if (fields.length == FIELDS) names.putIfAbsent(fields[2], fields[0]);
    }
    return names;
  }
}
