package io.listenbacklog.probe.journal;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was raised, in a file that is appended to before each act, and how often it was set back. It
 * survives the probe, killed or not; it need not survive the node, whose sockets and namespaces end
 * with it: so nothing is flushed to a disk, and what another boot wrote is discarded.
 *
 * <p>One JSON object a line: first the boot, then what is raised ({@code backlog}, {@code
 * somaxconn}, {@code sysctl}) or no longer is ({@code forget}, a key). A raise is one such line,
 * the one that was there before it, and a short one that says that it took effect as intended
 * ({@code done}, a key).
 *
 * <p>Where it is made safe against a kill at any moment:
 *
 * <ul>
 *   <li>an act waits for its line: {@link #put}, before it changes what is in force;
 *   <li>a line that was written outlives the probe, and half a line spoils no other: {@link
 *       JournalFile};
 *   <li>a torn last line is an act that never began: {@link JournalRecovery};
 *   <li>a shorter journal replaces the longer one whole or not at all: {@link Compaction}, and with
 *       all lines that came meanwhile: {@link JournalWriter};
 *   <li>nobody else writes it: {@link JournalLock}, which whoever opens a journal holds.
 * </ul>
 *
 * <p>It is read line by line, and made shorter in small parts, so that neither takes more memory or
 * time than what is raised does while the probe runs. How much may be raised is bounded where that
 * is decided ({@code RaiseShares}). Here nothing is: what undoes something that is in force is
 * never dropped, be it of an earlier probe that had no such bound.
 */
public final class Journal implements Closeable {
  private static final String NAME = "journal";

  private final EntriesInForce entries;
  private final int discarded;
  private final JournalWriter writer;

  private Journal(JournalRecovery.Recovered recovered, JournalWriter writer) {
    entries = recovered.entries();
    discarded = recovered.discarded();
    this.writer = writer;
  }

  /**
   * Opens the journal of a folder, which is made if it is not there.
   *
   * @param bootId of the running kernel
   * @throws IOException if the folder cannot be read and written: then nothing may be raised
   */
  public static Journal open(Path folder, String bootId, ObjectMapper json) throws IOException {
    Files.createDirectories(folder);
    var file = folder.resolve(NAME);
    var recovered = JournalRecovery.read(file, bootId, json);
    return new Journal(recovered, new JournalWriter(file, bootId, json, recovered.entries()));
  }

  /** Everything that is raised or contested. */
  public Collection<JournalEntry> entries() {
    return entries.all();
  }

  /**
   * How much is raised or contested of a pod, or was when that was seen last.
   *
   * @param cgroupUid the uid that its cgroups are named after
   */
  public int countOfPod(String cgroupUid) {
    return entries.ofPod(cgroupUid);
  }

  /** The same of all pods of a Kubernetes namespace. */
  public int countOfNamespace(String name) {
    return entries.ofNamespace(name);
  }

  /** The entry of a listener. */
  public Optional<JournalEntry.Backlog> backlog(long cookie) {
    if (entries.isEmpty()) return Optional.empty();
    return entries.get(new EntryKey.Listener(cookie)) instanceof JournalEntry.Backlog it
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
    if (entries.isEmpty()) return Optional.empty();
    return entries.get(new EntryKey.Sysctl(cgroupUid, networkNamespace, name))
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
    if (entry.equals(entries.get(entry.key()))) return;
    writer.append(JournalLine.of(entry));
    entries.put(entry);
    // Not where something is raised: that must not wait for it.
    if (entry.raised().onlyContested()) writer.compactIfLong();
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
            && intent.equals(entries.get(intent.key()))
            && done.equals(intent.with(raised.settledAt(raised.intended())));
    if (asIntended) {
      writer.append(JournalLine.done(done.key()));
      entries.put(done);
    } else {
      put(done);
    }
  }

  /** Forgets what is raised no more, or what nobody can undo because it is gone. */
  public void forget(JournalEntry entry) throws IOException {
    if (entries.get(entry.key()) == null) return;
    entries.forget(entry.key());
    writer.append(JournalLine.forget(entry.key()));
    writer.compactIfLong();
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
      writer.compactIfLong(); // perhaps nothing is ever forgotten, and each try is refused
    }
  }

  /**
   * Whether something was in the journal and is no more: a status that tells of it as raised is
   * older than that, for its successor was never written.
   */
  public boolean wasForgotten(EntryKey key) {
    return entries.wasForgotten(key);
  }

  /** The last status is read: what is forgotten from now on it cannot bring back. */
  public void statusRead() {
    entries.statusRead();
  }

  /** How many lines of the file made no sense: at most one, unless somebody else wrote to it. */
  public int discardedLines() {
    return discarded;
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
