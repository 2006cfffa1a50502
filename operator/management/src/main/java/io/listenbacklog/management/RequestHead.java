package io.listenbacklog.management;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The head of a request, as far as this server cares: RFC 9112.
 *
 * @param method such as {@code GET}; it may be any word
 * @param path without query and without scheme and authority
 * @param old whether it is of HTTP/1.0, which knows no chunks
 * @param gzip whether the answer may be compressed so
 * @param bearerToken of its Authorization field
 */
record RequestHead(
    String method, String path, boolean old, boolean gzip, Optional<String> bearerToken) {
  private static final String BEARER = "bearer ";

  /** Made once: one head of four kilobytes can name two thousand codings. */
  private static final Pattern SPACE = Pattern.compile("\\s");

  private static final Pattern GZIP =
      Pattern.compile("gzip(;q=(1.*|0\\.0*[1-9].*))?", Pattern.CASE_INSENSITIVE);

  /** What an invalid head is answered with. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String why;

    Malformed(int status, String why) {
      super(why, null, false, false);
      this.status = status;
      this.why = why;
    }

    String why() {
      return why;
    }

    int status() {
      return status;
    }
  }

  /** Where the head ends: behind its empty line; -1: it has not ended yet. */
  static int end(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] != '\n') continue;
      if (i + 1 < length && bytes[i + 1] == '\n') return i + 2;
      if (i + 2 < length && bytes[i + 1] == '\r' && bytes[i + 2] == '\n') return i + 3;
    }
    return -1;
  }

  /**
   * Reads a head that has ended.
   *
   * @throws Malformed if it has no unambiguous meaning
   */
  static RequestHead of(byte[] bytes, int end) throws Malformed {
    var lines = new String(bytes, 0, end, StandardCharsets.ISO_8859_1).split("\r?\n", -1);
    var words = lines[0].split(" ", -1);
    if (words.length != 3 || words[0].isEmpty()) throw new Malformed(400, "no request line");
    boolean old = words[2].equals("HTTP/1.0");
    if (!old && !words[2].equals("HTTP/1.1")) {
      throw new Malformed(words[2].startsWith("HTTP/") ? 505 : 400, "HTTP/1.1 is spoken here");
    }
    return new RequestHead(words[0], path(words[1]), old, gzip(lines), bearerToken(lines));
  }

  private static String path(String target) {
    String path = target;
    if (path.regionMatches(true, 0, "http://", 0, 7)) {
      int slash = path.indexOf('/', 7);
      path = slash < 0 ? "/" : path.substring(slash);
    }
    int query = path.indexOf('?');
    return query < 0 ? path : path.substring(0, query);
  }

  /**
   * Who does not name it, or only to refuse it ({@code gzip;q=0}), gets what everybody can read.
   */
  private static boolean gzip(String[] lines) {
    return Arrays.stream(lines)
        .skip(1)
        .filter(line -> isField(line, "accept-encoding"))
        .flatMap(line -> Arrays.stream(line.substring(line.indexOf(':') + 1).split(",", -1)))
        .anyMatch(coding -> GZIP.matcher(SPACE.matcher(coding).replaceAll("")).matches());
  }

  private static boolean isField(String line, String name) {
    int colon = line.indexOf(':');
    return colon >= 0 && line.substring(0, colon).equalsIgnoreCase(name);
  }

  private static Optional<String> bearerToken(String[] lines) throws Malformed {
    var token = Optional.<String>empty();
    boolean seen = false;
    for (int i = 1; i < lines.length; i++) {
      if (!isField(lines[i], "authorization")) continue;
      // A proxy in front of us may use the other one of the two.
      if (seen) throw new Malformed(400, "two Authorization fields");
      seen = true;
      String value = lines[i].substring(lines[i].indexOf(':') + 1).strip();
      if (value.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
        token = Optional.of(value.substring(BEARER.length()).strip());
      }
    }
    return token;
  }
}
