package io.listenbacklog.kernel.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.KernelFiles;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.linux.SyscallException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The processes that a procfs shows. */
public final class LinuxProcesses implements Processes {
  private static final int SMALL_FILE = 64 * 1024;
  private static final int MOUNT_INFO = 1024 * 1024;
  private static final int MANY_MOUNTS = 2 * 1024 * 1024; // of a node: some 8,000 of 250 bytes
  private static final String CAPABILITIES = "CapEff:";
  private static final String USERS = "Uid:";
  private static final Pattern FOUR_USERS =
      Pattern.compile("[0-9]{1,10}\\s+([0-9]{1,10})(?:\\s+[0-9]{1,10}){2}");
  private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f]{1,16}");
  private static final int CAP_SYS_PTRACE = 19; // include/uapi/linux/capability.h
  private static final int COMMAND = 15; // TASK_COMM_LEN - 1, include/linux/sched.h
  private static final int ARGUMENTS = 64;
  private static final int ARGUMENT_BYTES = 4096;
  private static final int EXECUTABLE = 4096;
  private static final int CONTAINER_NAME = 63; // a DNS label
  private static final int MAPS = 2 * 1024 * 1024; // some 20,000 mappings
  private static final int ENVIRONMENT = 256 * 1024;

  // Counted from the state, which is the third of proc_pid_stat(5).
  private static final int PARENT = 4 - 3;
  private static final int START_TIME = 22 - 3;
  private static final int START_STACK = 28 - 3;

  private final KernelFiles files;
  private final LockedFiles locked;
  private final String proc;
  private volatile @Nullable CgroupView view;

  /**
   * Hangs where a process does not answer.
   *
   * @param proc where procfs is mounted
   */
  public LinuxProcesses(LinuxC linux, String proc) {
    this(linux, proc, LockedFiles.hanging(new KernelFiles(linux)));
  }

  /**
   * @param proc where procfs is mounted
   * @param locked reads what waits for a process
   */
  public LinuxProcesses(LinuxC linux, String proc, LockedFiles locked) {
    this.proc = proc;
    files = new KernelFiles(linux);
    this.locked = locked;
  }

  @Override
  public int[] pids() throws IOException {
    var pids = files.numbers(proc);
    if (pids.isEmpty()) throw new SyscallException("open(%s)".formatted(proc), Errno.ENOENT);
    Arrays.sort(pids.get());
    return pids.get();
  }

  /**
   * Process 1 is always there. With {@code hidepid=2} procfs lists only processes that we may trace
   * (fs/proc/base.c, proc_pid_readdir), as if there were no others.
   */
  @Override
  public Optional<String> unlisted() throws IOException {
    if (files.readIfThere(path(1, "cgroup"), SMALL_FILE).isPresent()) return Optional.empty();
    return Optional.of("%s does not show process 1: is it mounted with hidepid?".formatted(proc));
  }

  @Override
  public boolean mayTrace() throws IOException {
    return text("self", "status", SMALL_FILE)
        .flatMap(
            status -> PlainText.lines(status).filter(l -> l.startsWith(CAPABILITIES)).findFirst())
        .map(line -> line.substring(CAPABILITIES.length()).strip())
        .filter(mask -> HEXADECIMAL.matcher(mask).matches())
        .map(mask -> (Long.parseUnsignedLong(mask, 16) >> CAP_SYS_PTRACE & 1) == 1)
        .orElse(true);
  }

  @Override
  public Optional<Container> container(int pid) throws IOException {
    Optional<String> cgroups;
    try {
      cgroups = text(pid, "cgroup", SMALL_FILE);
    } catch (SyscallException e) {
      // Somebody nested cgroups until no path is long enough (proc_cgroup_show, PATH_MAX):
      // nobody's.
      if (!e.is(Errno.ENAMETOOLONG)) throw e;
      return Optional.empty();
    }
    return cgroups.isEmpty() ? Optional.empty() : view().container(cgroups.get());
  }

  @Override
  public Optional<ServiceFacts> service(int pid) throws IOException {
    var status = text(pid, "status", SMALL_FILE);
    var cgroups = text(pid, "cgroup", SMALL_FILE);
    if (status.isEmpty() || cgroups.isEmpty()) return Optional.empty();
    var user = effectiveUser(status.get());
    if (user.isEmpty()) throw new IOException(path(pid, "status") + ": no " + USERS);
    return Optional.of(
        new ServiceFacts(
            user.getAsLong(),
            CgroupService.unit(cgroups.get()),
            CgroupService.container(cgroups.get())));
  }

  /** The second of {@code Uid: real effective saved filesystem}, proc_pid_status(5). */
  private static OptionalLong effectiveUser(String status) {
    return PlainText.lines(status)
        .filter(line -> line.startsWith(USERS))
        .map(line -> FOUR_USERS.matcher(line.substring(USERS.length()).strip()))
        .filter(Matcher::matches)
        .mapToLong(users -> Long.parseLong(users.group(1)))
        .findFirst();
  }

  /** Does not change while we run. */
  private CgroupView view() throws IOException {
    var known = view;
    if (known != null) return known;
    var own = text("self", "cgroup", SMALL_FILE);
    var init = text("1", "cgroup", SMALL_FILE);
    var podUid = text("self", "mountinfo", MOUNT_INFO).flatMap(MountInfo::podUid).orElse(null);
    known =
        own.isEmpty() || init.isEmpty()
            ? CgroupView.OF_THE_NODE
            : CgroupView.of(own.get(), init.get(), podUid);
    view = known;
    return known;
  }

  @Override
  public OptionalLong networkNamespace(int pid) throws IOException {
    var link = files.link(path(pid, "ns/net"));
    if (link.isEmpty()) {
      var thread = LivingThread.besideMain(files, proc, pid);
      if (thread.isPresent()) link = files.link(path(pid, "task/" + thread.getAsInt() + "/ns/net"));
    }
    return link.isEmpty() ? OptionalLong.empty() : inode("net:[", link.get());
  }

  @Override
  public OptionalInt livingThread(int pid) throws IOException {
    return files.link(path(pid, "ns/net")).isPresent()
        ? OptionalInt.empty()
        : LivingThread.besideMain(files, proc, pid);
  }

  /**
   * The inode of a file below {@code /proc/PID/net}: each network namespace has files of its own
   * there, and whoever may see the process may open them (fs/proc/proc_net.c, get_proc_task_net).
   */
  @Override
  public OptionalLong networkMark(int pid) throws IOException {
    return files.inodeIfThere(path(pid, "net/dev"));
  }

  @Override
  public Set<Long> mountedNamespaces(int pid) throws IOException {
    var mounts = files.readIfThere(path(pid, "mountinfo"), MANY_MOUNTS);
    if (mounts.isEmpty()) return Set.of();
    if (mounts.get().length == MANY_MOUNTS) {
      throw new IOException(path(pid, "mountinfo") + ": longer than " + MANY_MOUNTS + " bytes");
    }
    return MountInfo.networkNamespaces(mounts.get());
  }

  @Override
  public OptionalInt threadGroup(int thread) throws IOException {
    var status = text(thread, "status", SMALL_FILE);
    if (status.isEmpty()) return OptionalInt.empty();
    return PlainText.lines(status.get())
        .filter(line -> line.startsWith("Tgid:"))
        .findFirst()
        .map(line -> number(line.substring("Tgid:".length()).strip()))
        .orElse(OptionalInt.empty());
  }

  @Override
  public Optional<ProcessFacts> facts(int pid) throws IOException {
    var command = files.readIfThere(path(pid, "comm"), SMALL_FILE);
    if (command.isEmpty()) return Optional.empty();
    return Optional.of(
        new ProcessFacts(
            pid,
            PlainText.of(command.get(), COMMAND).strip(),
            executable(pid),
            arguments(locked.read(pid, path(pid, "cmdline"), ARGUMENT_BYTES).orElse(new byte[0])),
            containerName(pid),
            text(pid, "status", SMALL_FILE)
                .flatMap(CaughtSignals::inFile)
                .map(CaughtSignals::areThoseOfGo)
                .orElse(false)));
  }

  @Override
  public int sockets(int pid, int from, int most, HeldSocket each) throws IOException {
    // proc_readfd_common, fs/proc/fd.c: fd N is at N + 2, behind "." and "..".
    String folder = "fd";
    var found = files.names(path(pid, folder), most, from == 0 ? 0 : from + 2L);
    if (found.isEmpty() || found.get().isEmpty()) { // a zombie's folder is there, and empty
      var thread = LivingThread.besideMain(files, proc, pid);
      if (thread.isPresent()) {
        folder = "task/" + thread.getAsInt() + "/fd";
        found = files.names(path(pid, folder), most, from == 0 ? 0 : from + 2L);
      }
    }
    var descriptors = found.orElse(List.of());
    int last = -1;
    try (var arena = Arena.ofConfined()) {
      var buffer = arena.allocate(64); // "socket:[4294967295]" fits, and a longer link is no socket
      for (var name : descriptors) {
        var fd = number(name);
        if (fd.isEmpty()) continue;
        last = Math.max(last, fd.getAsInt());
        var link = files.link(path(pid, folder + "/" + name), buffer);
        if (link.isEmpty()) continue;
        inode("socket:[", link.get()).ifPresent(inode -> each.at(inode, fd.getAsInt()));
      }
    }
    return descriptors.size() < most || last < from ? -1 : last + 1;
  }

  @Override
  public Optional<OpenFiles> atLimitOfFiles(int pid) throws IOException {
    var limits = text(pid, "limits", SMALL_FILE);
    var limit = limits.isEmpty() ? OptionalInt.empty() : ResourceLimits.openFiles(limits.get());
    if (limit.isEmpty() || limit.getAsInt() < 1) return Optional.empty();
    int most = limit.getAsInt();
    // The kernel gives the lowest free number: where the highest is not taken, there is one left.
    if (files.link(path(pid, "fd/" + (most - 1))).isEmpty()) {
      return Optional.empty();
    }
    int open = files.numbersBelow(path(pid, "fd"), most);
    return Optional.of(new OpenFiles(open, most)).filter(OpenFiles::areAll);
  }

  @Override
  public OptionalLong startTicks(int pid) throws IOException {
    return statField(pid, START_TIME);
  }

  @Override
  public OptionalInt parent(int pid) throws IOException {
    long parent = statField(pid, PARENT).orElse(0);
    if (parent < 0 || parent > Integer.MAX_VALUE) {
      throw new IOException(path(pid, "stat") + ": no process id at 4");
    }
    return parent == 0 ? OptionalInt.empty() : OptionalInt.of((int) parent);
  }

  /** Where its stack begins, which execve randomizes. */
  @Override
  public OptionalLong programImage(int pid) throws IOException {
    return statField(pid, START_STACK);
  }

  private OptionalLong statField(int pid, int field) throws IOException {
    var stat = text(pid, "stat", SMALL_FILE);
    if (stat.isEmpty()) return OptionalLong.empty();
    // pid (comm) state …: the comm may have blanks and parentheses.
    var fields = stat.get().substring(stat.get().lastIndexOf(')') + 1).strip().split(" ", -1);
    if (fields.length <= field) throw new IOException(path(pid, "stat") + ": too few fields");
    try {
      return OptionalLong.of(Long.parseUnsignedLong(fields[field]));
    } catch (NumberFormatException e) {
      throw new IOException(path(pid, "stat") + ": no number at " + (field + 3), e);
    }
  }

  @Override
  public Set<String> mappedFiles(int pid) throws IOException {
    return readable(pid, "maps", MAPS).map(MappedFiles::inFile).orElse(Set.of());
  }

  @Override
  public Set<Integer> handedOver(int pid) throws IOException {
    return readable(pid, "environ", ENVIRONMENT)
        .map(HandedDescriptors::inEnvironment)
        .orElse(Set.of());
  }

  private String executable(int pid) throws IOException {
    try {
      return PlainText.of(files.link(path(pid, "exe")).orElse(""), EXECUTABLE);
    } catch (SyscallException e) {
      if (e.is(Errno.EACCES) || e.is(Errno.EPERM)) return "";
      throw e;
    }
  }

  /** A file made from its memory; empty where it is gone, hangs, or access is denied. */
  private Optional<byte[]> readable(int pid, String file, int limit) throws IOException {
    try {
      return locked.read(pid, path(pid, file), limit);
    } catch (SyscallException e) {
      if (e.is(Errno.EACCES) || e.is(Errno.EPERM)) return Optional.empty();
      throw e;
    }
  }

  private static List<String> arguments(byte[] commandLine) {
    var arguments = new ArrayList<String>();
    int from = 0;
    for (int at = 0; at <= commandLine.length && arguments.size() < ARGUMENTS; at++) {
      if (at < commandLine.length && commandLine[at] != 0) continue;
      if (at > from || at < commandLine.length) {
        arguments.add(PlainText.of(Arrays.copyOfRange(commandLine, from, at), ARGUMENT_BYTES));
      }
      from = at + 1;
    }
    return arguments;
  }

  private String containerName(int pid) throws IOException {
    var container = container(pid);
    if (container.isEmpty()) return "";
    return text(pid, "mountinfo", MOUNT_INFO)
        .flatMap(mounts -> MountInfo.containerName(mounts, container.get().podUid()))
        .map(name -> PlainText.of(name, CONTAINER_NAME))
        .orElse("");
  }

  private Optional<String> text(int pid, String file, int limit) throws IOException {
    return text(Integer.toString(pid), file, limit);
  }

  private Optional<String> text(String process, String file, int limit) throws IOException {
    return files
        .readIfThere(proc + "/" + process + "/" + file, limit)
        .map(bytes -> new String(bytes, UTF_8));
  }

  private String path(int pid, String file) {
    return proc + "/" + pid + "/" + file;
  }

  /** The number in a link such as {@code socket:[4711]}. */
  private static OptionalLong inode(String prefix, String link) {
    if (!link.startsWith(prefix) || !link.endsWith("]")) return OptionalLong.empty();
    try {
      long inode = Long.parseLong(link, prefix.length(), link.length() - 1, 10);
      return inode < 0 ? OptionalLong.empty() : OptionalLong.of(inode);
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalInt number(String text) {
    if (text.isEmpty() || text.charAt(0) < '0' || text.charAt(0) > '9') return OptionalInt.empty();
    try {
      return OptionalInt.of(Integer.parseInt(text));
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }
}
