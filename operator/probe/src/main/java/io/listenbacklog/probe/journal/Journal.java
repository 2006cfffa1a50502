package io.listenbacklog.probe.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was raised, in a file that is appended to before each act, and how often it was set back. It
 * survives the probe, killed or not; it need not survive the node, whose sockets and namespaces end
 * with it: so nothing is flushed to a disk, and what another boot wrote is discarded.
 *
 * <p>One JSON object a line: first the boot, then what is raised ({@code backlog}, {@code
 * somaxconn}, {@code sysctl}) or no longer is ({@code forget}, a key). A torn last line is an act
 * that never began.
 */
public final class Journal implements Closeable {
  private static final String NAME = "journal";

  /** Rewritten when the file holds this many lines more than twice what is live. */
  private static final int SLACK = 1_000;

  private final Path file;
  private final String bootId;
  private final ObjectMapper json;
  private final Map<String, Entry> live = new LinkedHashMap<>();
  private FileChannel channel;
  private int lines;
  private boolean torn;
  private int discarded;

  private Journal(Path file, String bootId, ObjectMapper json) throws IOException {
    this.file = file;
    this.bootId = bootId;
    this.json = json;
    read();
    channel = shorter();
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
  public Collection<Entry> entries() {
    return Collections.unmodifiableCollection(live.values());
  }

  /** The entry of a listener. */
  public Optional<Entry.Backlog> backlog(long cookie) {
    if (live.isEmpty()) return Optional.empty();
    return live.get(Entry.Backlog.key(cookie)) instanceof Entry.Backlog it
        ? Optional.of(it)
        : Optional.empty();
  }

  /**
   * The entry of a sysctl of a pod's namespace, or of the node.
   *
   * @param name such as {@code net.core.somaxconn}
   */
  public Optional<Entry.Sysctl> sysctl(String cgroupUid, long networkNamespace, String name) {
    if (live.isEmpty()) return Optional.empty();
    return live.get(Entry.Sysctl.key(cgroupUid, networkNamespace, name)) instanceof Entry.Sysctl it
        ? Optional.of(it)
        : Optional.empty();
  }

  /**
   * Writes down what is raised, or about to be.
   *
   * @throws IOException if it could not be written: then the act must not be done
   */
  public void put(Entry entry) throws IOException {
    if (entry.equals(live.get(entry.key()))) return;
    append(Line.of(entry));
    live.put(entry.key(), entry);
    // Not where something is raised: that must not wait for it.
    if (entry.raised().onlyContested()) compactIfLong();
  }

  /** Forgets what is raised no more, or what nobody can undo because it is gone. */
  public void forget(Entry entry) throws IOException {
    if (live.remove(entry.key()) == null) return;
    append(new Line(null, null, null, null, entry.key()));
    compactIfLong();
  }

  /**
   * What was about to be raised was not.
   *
   * @param before what was written down before that; null: nothing
   */
  public void takeBack(Entry intent, @Nullable Entry before) throws IOException {
    if (before == null) {
      forget(intent);
    } else {
      put(before);
      compactIfLong(); // perhaps nothing is ever forgotten, and each try is refused
    }
  }

  private void compactIfLong() throws IOException {
    if (lines <= 2 * live.size() + SLACK) return;
    var old = channel;
    try {
      channel = shorter();
    } catch (IOException e) {
      return; // the long one is as good: what it holds, and what is yet to come, is in its place
    }
    old.close();
  }

  /** How many lines of the file made no sense: at most one, unless somebody else wrote to it. */
  public int discardedLines() {
    return discarded;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void read() throws IOException {
    if (!Files.exists(file)) return;
    // Not readAllLines: a torn line may end inside a character.
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    boolean ours = false;
    for (String each : text.split("\n", -1)) {
      if (each.isEmpty()) continue;
      Line line;
      try {
        line = json.readValue(each, Line.class);
      } catch (JsonProcessingException e) {
        discarded++;
        continue;
      }
      if (line.boot != null) ours = line.boot.equals(bootId);
      if (!ours) continue;
      if (line.backlog != null) live.put(line.backlog.key(), line.backlog);
      if (line.somaxconn != null) live.put(line.somaxconn.key(), line.somaxconn);
      if (line.sysctl != null) live.put(line.sysctl.key(), line.sysctl);
      if (line.forget != null) live.remove(line.forget);
    }
  }

  /**
   * Writes what is live to a new file and puts it in the place of the old one, once it is whole.
   */
  private FileChannel shorter() throws IOException {
    Path next = file.resolveSibling(NAME + ".new");
    var into =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
    try {
      write(into, text(new Line(bootId, null, null, null, null)));
      for (Entry entry : live.values()) write(into, text(Line.of(entry)));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      into.close();
      Files.deleteIfExists(next);
      throw e;
    }
    lines = 1 + live.size();
    torn = false;
    return into;
  }

  private void append(Line line) throws IOException {
    String text = (torn ? "\n" : "") + text(line);
    torn = true; // until it is whole: what follows a half-written line must not be read with it
    write(channel, text);
    torn = false;
    lines++;
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
      Entry.@Nullable Backlog backlog,
      Entry.@Nullable Sysctl somaxconn,
      Entry.@Nullable Sysctl sysctl,
      @Nullable String forget) {

    static Line of(Entry entry) {
      return switch (entry) {
        case Entry.Backlog it -> new Line(null, it, null, null, null);
        case Entry.Sysctl it when it.isSomaxconn() -> new Line(null, null, it, null, null);
        case Entry.Sysctl it -> new Line(null, null, null, it, null);
      };
    }
  }
}
