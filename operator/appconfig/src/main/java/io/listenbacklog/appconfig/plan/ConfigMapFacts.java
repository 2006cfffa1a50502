package io.listenbacklog.appconfig.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a ConfigMap holds.
 *
 * @param data text by key
 * @param binaryData base64 by key
 */
public record ConfigMapFacts(Map<String, String> data, Map<String, String> binaryData) {
  private static final int HASH_LENGTH = 10;

  /** As the API server allows for a name. */
  private static final int LONGEST_NAME = 253;

  public ConfigMapFacts {
    data = Map.copyOf(data);
    binaryData = Map.copyOf(binaryData);
  }

  ConfigMapFacts with(String key, String content) {
    var all = new TreeMap<>(data);
    all.put(key, content);
    return new ConfigMapFacts(all, binaryData);
  }

  /**
   * A name that says what it was made of, and, by its hash, what is in it and for whom.
   *
   * @param owner whose it is: it goes with that one, so no other may use it
   */
  String name(String madeOf, String owner) {
    String end = "-backlog-" + hash(owner);
    int room = LONGEST_NAME - end.length();
    String begin = madeOf.length() > room ? madeOf.substring(0, room) : madeOf;
    return begin + end;
  }

  private String hash(String owner) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      add(sha, data);
      add(sha, binaryData);
      sha.update(owner.getBytes(UTF_8));
      return HexFormat.of().formatHex(sha.digest()).substring(0, HASH_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  private static void add(MessageDigest sha, Map<String, String> all) {
    new TreeMap<>(all)
        .forEach(
            (key, value) -> {
              byte[] bytes = value.getBytes(UTF_8);
              sha.update(
                  (key + "\n" + bytes.length + "\n").getBytes(UTF_8)); // "a"+"bc" is not "ab"+"c"
              sha.update(bytes);
            });
    sha.update((byte) 0);
  }
}
