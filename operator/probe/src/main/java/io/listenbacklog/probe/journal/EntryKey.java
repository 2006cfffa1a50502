package io.listenbacklog.probe.journal;

import io.listenbacklog.api.SysctlNames;
import java.util.Optional;

/** What no two entries of a journal share. */
public sealed interface EntryKey {

  /** As lines of a journal name an entry. */
  String text();

  /**
   * Of such a text; empty: it names nothing that can be in a journal.
   *
   * @param text from a file, and so perhaps anything
   */
  static Optional<EntryKey> of(String text) {
    String[] parts = text.split("/", -1);
    try {
      if (parts.length == 2 && parts[0].equals(Listener.KIND)) {
        return Optional.of(new Listener(Long.parseUnsignedLong(parts[1])));
      }
      if (parts.length == 3) {
        String name = parts[0].equals(Sysctl.SOMAXCONN) ? SysctlNames.SOMAXCONN : parts[0];
        return Optional.of(new Sysctl(parts[1], Long.parseUnsignedLong(parts[2]), name));
      }
    } catch (NumberFormatException e) {
      // Nothing of ours.
    }
    return Optional.empty();
  }

  /**
   * Names the backlog of a listener.
   *
   * @param cookie {@code SO_COOKIE}, never used twice in a boot
   */
  record Listener(long cookie) implements EntryKey {
    private static final String KIND = "listener";

    @Override
    public String text() {
      return KIND + "/" + Long.toUnsignedString(cookie);
    }
  }

  /**
   * Names a sysctl of a pod's namespace, or of the node.
   *
   * @param cgroupUid {@link JournalEntry.Sysctl#NODE} where it is a value of the node
   * @param networkNamespace its inode
   * @param name such as {@code net.core.somaxconn}
   */
  record Sysctl(String cgroupUid, long networkNamespace, String name) implements EntryKey {
    /** As journals have it that knew this one alone. */
    private static final String SOMAXCONN = "somaxconn";

    @Override
    public String text() {
      String first = name.equals(SysctlNames.SOMAXCONN) ? SOMAXCONN : name;
      return first + "/" + cgroupUid + "/" + Long.toUnsignedString(networkNamespace);
    }
  }
}
