package io.listenbacklog.kernel.threads;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.KernelFiles;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.process.LockedFiles;
import io.listenbacklog.kernel.process.PlainText;
import io.listenbacklog.kernel.threads.ThreadFacts.Condition;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The threads that a procfs shows. */
public final class LinuxThreads implements Threads {
  private static final int SMALL_FILE = 4096;
  private static final int NAME = 15; // TASK_COMM_LEN - 1, include/linux/sched.h

  /**
   * Where a frozen thread sleeps: kernel/freezer.c (cgroup v1), kernel/signal.c (v2, where the
   * compiler may have made the one part of the other).
   */
  private static final Set<String> FREEZERS =
      Set.of("__refrigerator", "do_freezer_trap", "get_signal");

  private static final Pattern THREAD = Pattern.compile("[0-9]{1,9}");

  private final KernelFiles files;
  private final String proc;
  private final LockedFiles locked;
  private final SystemCalls calls;

  /**
   * @param proc where procfs is mounted
   * @param locked reads what waits for a process
   */
  public LinuxThreads(LinuxC linux, String proc, LockedFiles locked) {
    this(linux, proc, locked, System.getProperty("os.arch"));
  }

  LinuxThreads(LinuxC linux, String proc, String architecture) {
    this(linux, proc, LockedFiles.hanging(new KernelFiles(linux)), architecture);
  }

  private LinuxThreads(LinuxC linux, String proc, LockedFiles locked, String architecture) {
    files = new KernelFiles(linux);
    this.proc = proc;
    this.locked = locked;
    calls = SystemCalls.of(architecture);
  }

  @Override
  public int[] of(int pid, int most) throws IOException {
    var names = files.names("%s/%d/task".formatted(proc, pid), most);
    if (names.isEmpty()) return new int[0];
    return names.get().stream()
        .filter(name -> THREAD.matcher(name).matches())
        .mapToInt(Integer::parseInt)
        .sorted()
        .toArray();
  }

  @Override
  public Optional<ThreadFacts> facts(int pid, int thread) throws IOException {
    var folder = "%s/%d/task/%d/".formatted(proc, pid, thread);
    var stat = files.readIfThere(folder + "stat", SMALL_FILE);
    if (stat.isEmpty()) return Optional.empty();
    // tid (comm) state …: the comm may have blanks and parentheses, proc(5).
    var text = new String(stat.get(), UTF_8);
    int open = text.indexOf('(');
    int close = text.lastIndexOf(')');
    if (open < 0 || close < open || text.length() < close + 3) {
      throw new IOException(folder + "stat: no state in it");
    }
    var name = PlainText.of(text.substring(open + 1, close), NAME).strip();
    char state = text.charAt(close + 2);
    return switch (state) {
      case 'Z', 'X', 'x' -> Optional.empty();
      case 'R' -> Optional.of(new ThreadFacts(pid, thread, name, Condition.RUNNING, null));
      case 'T', 't' -> Optional.of(new ThreadFacts(pid, thread, name, Condition.STOPPED, null));
      default -> Optional.of(asleep(folder, pid, thread, name, state));
    };
  }

  @Override
  public Optional<FdTarget> descriptor(int pid, int fd) throws IOException {
    return link("%s/%d/fd/%d".formatted(proc, pid, fd)).map(FdTarget::of);
  }

  private ThreadFacts asleep(String folder, int pid, int thread, String name, char state)
      throws IOException {
    if (isFrozen(pid, folder)) return new ThreadFacts(pid, thread, name, Condition.FROZEN, null);
    var line =
        locked(pid, folder + "syscall")
            .flatMap(SyscallLine::parse)
            .orElse(new SyscallLine.InNone());
    return switch (line) {
      case SyscallLine.Running() -> new ThreadFacts(pid, thread, name, Condition.RUNNING, null);
      case SyscallLine.InNone() -> new ThreadFacts(pid, thread, name, condition(state), null);
      case SyscallLine.InCall call ->
          new ThreadFacts(pid, thread, name, condition(state), blocked(folder, call));
    };
  }

  private static Condition condition(char state) {
    return state == 'D' ? Condition.UNINTERRUPTIBLE : Condition.SLEEPING;
  }

  /**
   * By the kernel function it sleeps in, not by its cgroup's files: their place depends on the
   * cgroup version, and the path leads through a container's mounts.
   */
  private boolean isFrozen(int pid, String folder) throws IOException {
    var where = text(folder + "wchan").orElse("").strip();
    if (!where.isEmpty() && !where.equals("0")) return FREEZERS.contains(plain(where));
    // Linux 5.10 says 0 to everyone; the stack needs CAP_SYS_ADMIN.
    var stack = locked(pid, folder + "stack").orElse("");
    var first = stack.lines().findFirst().orElse("");
    return FREEZERS.contains(plain(first.substring(first.indexOf(']') + 1).strip()));
  }

  /** The name of a function without the offset in it, and without what a compiler adds. */
  private static String plain(String symbol) {
    int end = 0;
    while (end < symbol.length() && symbol.charAt(end) != '+' && symbol.charAt(end) != '.') end++;
    return symbol.substring(0, end);
  }

  private @Nullable BlockedCall blocked(String folder, SyscallLine.InCall in) throws IOException {
    if (in.is32Bit()) return null;
    var call = calls.numbered(in.number()).orElse(null);
    if (call == null) return null;
    if (call.fdArgument() < 0) return new BlockedCall(call.name(), -1, null);
    int fd = in.arguments().get(call.fdArgument()).intValue();
    if (fd < 0) return new BlockedCall(call.name(), -1, null);
    var link = link(folder + "fd/" + fd);
    return new BlockedCall(call.name(), fd, link.map(FdTarget::of).orElse(null));
  }

  private Optional<String> text(String path) throws IOException {
    return text(() -> files.readIfThere(path, SMALL_FILE));
  }

  private Optional<String> locked(int pid, String path) throws IOException {
    return text(() -> locked.read(pid, path, SMALL_FILE));
  }

  private interface Content {
    Optional<byte[]> read() throws IOException;
  }

  /** What may not be read is unknown, like what is gone. */
  private static Optional<String> text(Content content) throws IOException {
    try {
      return content.read().map(bytes -> new String(bytes, US_ASCII));
    } catch (SyscallException e) {
      if (isForbidden(e)) return Optional.empty();
      throw e;
    }
  }

  private Optional<String> link(String path) throws IOException {
    try {
      return files.link(path);
    } catch (SyscallException e) {
      if (isForbidden(e)) return Optional.empty();
      throw e;
    }
  }

  private static boolean isForbidden(SyscallException e) {
    return e.is(Errno.EPERM) || e.is(Errno.EACCES);
  }
}
