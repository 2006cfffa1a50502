package io.listenbacklog.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Processes of one program that serve together: what a policy selects, and what a pod is to the
 * engine. All that a policy can select by is in it, so that it is the same service whatever the
 * policies of the day say: what was raised for it can be put back.
 *
 * @param container its id; empty: none
 * @param unit of systemd; empty: none
 * @param executable path of the program; empty where that cannot be told
 * @param user who runs it: a name of this machine, or a number; of a container always a number
 * @param userNumber the same as a number, which stays when the name changes or becomes known
 * @param hostNetwork whether it is in the network namespace of the machine itself
 */
record HostService(
    String container,
    String unit,
    String executable,
    String user,
    long userNumber,
    boolean hostNetwork) {
  private static final int UID_LENGTH = 32;

  /** Names it in the journal. */
  String uid() {
    // "a"+"bc" is not "ab"+"c"
    String number = Long.toString(userNumber);
    String network = hostNetwork ? "host" : "own";
    String all = String.join("\n", container, unit, executable, number, network);
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(all.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, UID_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /** Who can make more of them at will: its container, else its user. */
  String owner() {
    return container.isEmpty() ? "user " + user : "container " + AuditTable.shortId(container);
  }

  /** For people: its container, else its unit, else its program. */
  String label() {
    if (!container.isEmpty()) return "container " + AuditTable.shortId(container);
    if (!unit.isEmpty()) return unit;
    return executable.isEmpty() ? "process of " + user : program();
  }

  /** The last part of its executable's path. */
  String program() {
    return executable.substring(executable.lastIndexOf('/') + 1);
  }
}
