package io.listenbacklog.kernel.events;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.KernelFiles;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.linux.Reason;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.process.LinuxProcesses;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tracefs, mounted at its usual place or by us. */
public final class Tracefs {
  /**
   * {@code PROC_PID_INIT_INO}, include/linux/proc_ns.h: only there tracefs's pids mean anything.
   */
  private static final long INITIAL_PID_NAMESPACE = 0xEFFFFFFCL;

  private static final String USUAL_PLACE = "/sys/kernel/tracing";
  private static final int MOST_INSTANCES = 1000;

  /** {@code none integrity [confidentiality]}, since Linux 5.4. */
  private static final String LOCKDOWN = "/sys/kernel/security/lockdown";

  private static final Pattern CHOSEN = Pattern.compile("\\[([a-z]{1,32})\\]");

  /** Numbers the instances of this process. */
  private static final AtomicInteger INSTANCES = new AtomicInteger();

  private final LinuxC linux;
  private final KernelFiles files;
  private final LinuxProcesses processes;
  private final String proc;
  private final Path usualPlace;
  private final @Nullable Path mountPoint;

  /**
   * @param proc where procfs is mounted
   * @param mountPoint a folder where tracefs may be mounted; null: none
   */
  public Tracefs(LinuxC linux, LinuxProcesses processes, String proc, @Nullable Path mountPoint) {
    this(linux, processes, proc, Path.of(USUAL_PLACE), mountPoint);
  }

  Tracefs(
      LinuxC linux,
      LinuxProcesses processes,
      String proc,
      Path usualPlace,
      @Nullable Path mountPoint) {
    this.linux = linux;
    this.processes = processes;
    this.proc = proc;
    this.usualPlace = usualPlace;
    this.mountPoint = mountPoint;
    files = new KernelFiles(linux);
  }

  /**
   * Opens an instance of our own.
   *
   * @throws IOException where it cannot be had; the message says why
   */
  public KernelEvents open() throws IOException {
    requireInitialPidNamespace();
    var root = mounted();
    removeLeftovers(root.resolve("instances"));
    int pid = (int) ProcessHandle.current().pid();
    var name = new InstanceName(pid, startTicks(pid), INSTANCES.incrementAndGet());
    try {
      return TraceInstance.make(linux, root.resolve("instances").resolve(name.text()));
    } catch (SyscallException | FileSystemException e) {
      // It may have been locked down since it was mounted.
      var lockdown = lockdown();
      if (lockdown.isEmpty() || lockdown.get().equals("none")) throw e;
      throw new IOException("%s (kernel lockdown: %s)".formatted(Reason.of(e), lockdown.get()), e);
    }
  }

  private void requireInitialPidNamespace() throws IOException {
    var path = proc + "/self/ns/pid";
    var expected = "pid:[%d]".formatted(INITIAL_PID_NAMESPACE);
    var namespace = files.link(path).orElse("nowhere");
    if (!namespace.equals(expected)) {
      throw new IOException(
          "%s leads to %s, not to the initial PID namespace %s: tracefs names processes by pids that mean nothing here"
              .formatted(path, namespace, expected));
    }
  }

  /** The root of a tracefs that lets us make instances. */
  private Path mounted() throws IOException {
    if (Files.isWritable(usualPlace.resolve("instances"))) return usualPlace;
    var own = mountPoint;
    if (own == null) {
      throw new IOException(
          "no tracefs that can be written at %s, and no folder to mount one".formatted(usualPlace));
    }
    if (Files.isDirectory(own.resolve("instances"))) return own;
    mount(own);
    if (Files.isDirectory(own.resolve("instances"))) return own;
    // Where tracing is locked down it can be mounted, and is empty (fs/tracefs,
    // kernel/trace/trace.c
    // tracing_init_dentry).
    unmount(own);
    throw new IOException(
        "tracing is off on this node%s: tracefs is empty"
            .formatted(
                lockdown()
                    .map(" (kernel lockdown: %s)"::formatted)
                    .orElse(", perhaps by lockdown")));
  }

  /**
   * How much the kernel is locked down: none, integrity or confidentiality; empty where it cannot
   * be read. kernel_lockdown(7).
   */
  private Optional<String> lockdown() {
    for (var root : List.of("", proc + "/1/root")) {
      try {
        var modes = files.readIfThere(root + LOCKDOWN, 256);
        if (modes.isEmpty()) continue;
        var chosen = CHOSEN.matcher(new String(modes.get(), US_ASCII));
        if (chosen.find()) return Optional.of(chosen.group(1));
      } catch (SyscallException e) {
        // Then it is left out: it only explains another error.
      }
    }
    return Optional.empty();
  }

  private void mount(Path folder) throws IOException {
    Files.createDirectories(folder);
    try {
      linux.mount("tracefs", folder.toString(), "tracefs", 0);
    } catch (SyscallException e) {
      if (e.is(Errno.EBUSY)) return; // we have mounted it there before
      throw e.is(Errno.ENODEV) ? new IOException("this kernel has no tracefs", e) : e;
    }
  }

  private void unmount(Path folder) {
    try {
      linux.umount2(folder.toString(), 0);
    } catch (SyscallException e) {
      // Then it stays mounted, and is found the next time.
    }
  }

  /** Removes the instances that earlier processes of ours left. */
  private void removeLeftovers(Path instances) throws IOException {
    var names = files.names(instances.toString(), MOST_INSTANCES).orElse(List.of());
    for (var text : names) {
      var name = InstanceName.of(text);
      if (name.isEmpty() || lives(name.get())) continue;
      try {
        Files.deleteIfExists(instances.resolve(text));
      } catch (IOException e) {
        // Somebody reads it, or removes it too: it does no harm.
      }
    }
  }

  private boolean lives(InstanceName name) throws IOException {
    var start = processes.startTicks(name.pid());
    return start.isPresent() && start.getAsLong() == name.startTicks();
  }

  private long startTicks(int pid) throws IOException {
    return processes
        .startTicks(pid)
        .orElseThrow(
            () -> new IOException("%s/%d: the own process is not there".formatted(proc, pid)));
  }
}
