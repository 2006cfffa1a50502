package io.listenbacklog.probe.journal;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was raised, in a file that is appended to before each act, and how often it was set back. It
 * survives the probe, killed or not; it need not survive the node, whose sockets and namespaces end
 * with it: so nothing is flushed to a disk, and what another boot wrote is discarded.
 *
 * <p>One JSON object a line: first the boot, then what is raised ({@code backlog}, {@code
 * somaxconn}, {@code sysctl}) or no longer is ({@code forget}, a key). A torn last line is an act
 * that never began. A raise is one such line, the one that was there before it, and a short one
 * that says that it took effect as intended ({@code done}, a key).
 *
 * <p>It is read line by line, and made shorter in small parts, so that neither takes more memory or
 * time than what is raised does while the probe runs.
 */
public final class Journal implements Closeable {
  private static final String NAME = "journal";

  /** Rewritten when the file holds this many lines more than twice what is live. */
  private static final int SLACK = 1_000;

  /** So many entries are rewritten with each line that makes it worth it: some 1 ms. */
  private static final int REWRITTEN_AT_ONCE = 64;

  /** Of so many it is known that they were forgotten; a status tells of fewer. */
  private static final int MOST_FORGOTTEN = 4_096;

  /** So many characters are written at once. */
  private static final int PART = 16 * 1024;

  private final Path file;
  private final String bootId;
  private final ObjectMapper json;
  private final Map<String, JournalEntry> live = new LinkedHashMap<>();

  /** Keys of what was forgotten before the last status was read, see {@link #wasForgotten}. */
  private final Set<String> forgotten = new HashSet<>();

  private boolean statusRead;
  private FileChannel channel;
  private @Nullable Rewrite rewrite;
  private int lines;
  private boolean torn;
  private int discarded;

  private Journal(Path file, String bootId, ObjectMapper json) throws IOException {
    this.file = file;
    this.bootId = bootId;
    this.json = json;
    read();
    var whole = new Rewrite();
    while (!whole.goOn(Integer.MAX_VALUE)) {
      // It is done at once.
    }
    channel = whole.into;
  }

  /**
   * Opens the journal of a folder, which is made if it is not there.
   *
   * @param bootId of the running kernel
   * @throws IOException if the folder cannot be read and written: then nothing may be raised
   */
  public static Journal open(Path folder, String bootId, ObjectMapper json) throws IOException {
    Files.createDirectories(folder);
    return new Journal(folder.resolve(NAME), bootId, json);
  }

  /** Everything that is raised or contested. */
  public Collection<JournalEntry> entries() {
    return Collections.unmodifiableCollection(live.values());
  }

  /** The entry of a listener. */
  public Optional<JournalEntry.Backlog> backlog(long cookie) {
    if (live.isEmpty()) return Optional.empty();
    return live.get(JournalEntry.Backlog.key(cookie)) instanceof JournalEntry.Backlog it
        ? Optional.of(it)
        : Optional.empty();
  }

  /**
   * The entry of a sysctl of a pod's namespace, or of the node.
   *
   * @param name such as {@code net.core.somaxconn}
   */
  public Optional<JournalEntry.Sysctl> sysctl(
      String cgroupUid, long networkNamespace, String name) {
    if (live.isEmpty()) return Optional.empty();
    return live.get(JournalEntry.Sysctl.key(cgroupUid, networkNamespace, name))
            instanceof JournalEntry.Sysctl it
        ? Optional.of(it)
        : Optional.empty();
  }

  /**
   * Writes down what is raised, or about to be.
   *
   * @throws IOException if it could not be written: then the act must not be done
   */
  public void put(JournalEntry entry) throws IOException {
    if (entry.equals(live.get(entry.key()))) return;
    append(Line.of(entry));
    live.put(entry.key(), entry);
    // Not where something is raised: that must not wait for it.
    if (entry.raised().onlyContested()) compactIfLong();
  }

  /**
   * What was about to be raised is raised. Where it is just what was intended, a short line says
   * so: without it, and for a probe that does not know it, both values are ours.
   */
  public void confirm(JournalEntry intent, JournalEntry done) throws IOException {
    var raised = intent.raised();
    // Of what is contested it must be known after a kill whether it was raised, or was to be.
    boolean asIntended =
        raised.contest() == null
            && intent.equals(live.get(intent.key()))
            && done.equals(intent.with(raised.settledAt(raised.intended())));
    if (asIntended) {
      append(new Line(null, null, null, null, null, done.key()));
      live.put(done.key(), done);
    } else {
      put(done);
    }
  }

  /** Forgets what is raised no more, or what nobody can undo because it is gone. */
  public void forget(JournalEntry entry) throws IOException {
    if (live.remove(entry.key()) == null) return;
    noteForgotten(entry.key());
    append(new Line(null, null, null, null, entry.key(), null));
    compactIfLong();
  }

  /**
   * What was about to be raised was not.
   *
   * @param before what was written down before that; null: nothing
   */
  public void takeBack(JournalEntry intent, @Nullable JournalEntry before) throws IOException {
    if (before == null) {
      forget(intent);
    } else {
      put(before);
      compactIfLong(); // perhaps nothing is ever forgotten, and each try is refused
    }
  }

  /**
   * Whether something was in the journal and is no more: a status that tells of it as raised is
   * older than that, for its successor was never written.
   */
  public boolean wasForgotten(String key) {
    return forgotten.contains(key) && !live.containsKey(key);
  }

  /** The last status is read: what is forgotten from now on it cannot bring back. */
  public void statusRead() {
    statusRead = true;
  }

  private void noteForgotten(String key) {
    if (!statusRead && forgotten.size() < MOST_FORGOTTEN) forgotten.add(key);
  }

  private void compactIfLong() throws IOException {
    if (rewrite == null && lines <= 2 * live.size() + SLACK) return;
    try {
      if (rewrite == null) rewrite = new Rewrite();
      if (!rewrite.goOn(REWRITTEN_AT_ONCE)) return;
    } catch (IOException e) {
      // The long one is as good: what it holds, and what is yet to come, is in its place.
      giveUpRewriting();
      return;
    }
    var old = channel;
    channel = rewrite.into;
    rewrite = null;
    old.close();
  }

  private void giveUpRewriting() {
    if (rewrite != null) rewrite.giveUp();
    rewrite = null;
  }

  /** How many lines of the file made no sense: at most one, unless somebody else wrote to it. */
  public int discardedLines() {
    return discarded;
  }

  @Override
  public void close() throws IOException {
    giveUpRewriting();
    channel.close();
  }

  private void read() throws IOException {
    if (!Files.exists(file)) return;
    var shared = new HashMap<Object, Object>();
    boolean ours = false;
    try (var read = new JournalLines(file)) {
      for (var each = read.next(); each != null; each = read.next()) {
        if (each.length == 0) continue;
        Line line;
        try {
          line = json.readValue(each, Line.class);
        } catch (IOException e) {
          discarded++; // made of bytes in memory, so nothing but the line can be wrong
          continue;
        }
        if (line.boot != null) ours = line.boot.equals(bootId);
        if (ours) take(line, shared);
      }
      discarded += read.tooLong();
    }
  }

  private void take(Line line, Map<Object, Object> shared) {
    if (line.backlog != null) live.put(line.backlog.key(), line.backlog.sharing(shared));
    if (line.somaxconn != null) live.put(line.somaxconn.key(), line.somaxconn);
    if (line.sysctl != null) live.put(line.sysctl.key(), line.sysctl);
    if (line.forget != null) {
      live.remove(line.forget);
      noteForgotten(line.forget);
    }
    if (line.done == null) return;
    live.computeIfPresent(
        line.done,
        (_, intent) -> intent.with(intent.raised().settledAt(intent.raised().intended())));
  }

  /**
   * Writes what is live to a new file, part by part, and puts it in the place of the old one once
   * it is whole. What comes meanwhile goes into both.
   */
  private final class Rewrite {
    private final Path next = file.resolveSibling(NAME + ".new");
    private final FileChannel into;
    private final Iterator<String> keys;
    private int written = 1;

    private Rewrite() throws IOException {
      into =
          FileChannel.open(
              next,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING);
      keys = List.copyOf(live.keySet()).iterator();
      try {
        write(into, text(new Line(bootId, null, null, null, null, null)));
      } catch (IOException e) {
        giveUp();
        throw e;
      }
    }

    /** True if that was all, and the new file is in its place. */
    private boolean goOn(int most) throws IOException {
      try {
        var part = new StringBuilder();
        for (int each = 0; each < most && keys.hasNext(); each++) {
          var entry = live.get(keys.next());
          if (entry == null) continue;
          part.append(text(Line.of(entry)));
          written++;
          if (part.length() < PART) continue;
          write(into, part.toString());
          part.setLength(0);
        }
        write(into, part.toString());
        if (keys.hasNext()) return false;
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        giveUp();
        throw e;
      }
      lines = written;
      torn = false;
      return true;
    }

    private void append(String text) {
      try {
        write(into, text);
        written++;
      } catch (IOException e) {
        giveUpRewriting();
      }
    }

    private void giveUp() {
      try {
        into.close();
        Files.deleteIfExists(next);
      } catch (IOException e) {
        // It is in nobody's way, and truncated by the next one.
      }
    }
  }

  private void append(Line line) throws IOException {
    String text = (torn ? "\n" : "") + text(line);
    torn = true; // until it is whole: what follows a half-written line must not be read with it
    write(channel, text);
    torn = false;
    lines++;
    if (rewrite != null) rewrite.append(text(line));
  }

  private String text(Line line) throws IOException {
    return json.writeValueAsString(line) + "\n";
  }

  private static void write(FileChannel channel, String text) throws IOException {
    var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) channel.write(bytes);
  }

  /**
   * One line: exactly one of these is there.
   *
   * @param somaxconn apart, for so it is written by probes that know no other sysctl
   */
  private record Line(
      @Nullable String boot,
      JournalEntry.@Nullable Backlog backlog,
      JournalEntry.@Nullable Sysctl somaxconn,
      JournalEntry.@Nullable Sysctl sysctl,
      @Nullable String forget,
      @Nullable String done) {

    static Line of(JournalEntry entry) {
      return switch (entry) {
        case JournalEntry.Backlog it -> new Line(null, it, null, null, null, null);
        case JournalEntry.Sysctl it when it.isSomaxconn() ->
            new Line(null, null, it, null, null, null);
        case JournalEntry.Sysctl it -> new Line(null, null, null, it, null, null);
      };
    }
  }
}
