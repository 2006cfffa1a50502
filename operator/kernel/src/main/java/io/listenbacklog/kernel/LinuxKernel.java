package io.listenbacklog.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.listenbacklog.kernel.events.KernelEvents;
import io.listenbacklog.kernel.events.Tracefs;
import io.listenbacklog.kernel.linux.KernelFiles;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.linux.PatientCalls;
import io.listenbacklog.kernel.log.KernelLog;
import io.listenbacklog.kernel.log.LinuxKernelLog;
import io.listenbacklog.kernel.netns.LinuxNamespaces;
import io.listenbacklog.kernel.netns.NetworkNamespaces;
import io.listenbacklog.kernel.process.Container;
import io.listenbacklog.kernel.process.LinuxProcesses;
import io.listenbacklog.kernel.process.LockedFiles;
import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.kernel.relisten.LinuxRelisten;
import io.listenbacklog.kernel.relisten.Relisten;
import io.listenbacklog.kernel.threads.LinuxThreads;
import io.listenbacklog.kernel.threads.Threads;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The Linux that this process runs on.
 *
 * <p>Needs CAP_SYS_ADMIN (setns, tracefs), CAP_SYS_PTRACE (other processes' files and sockets),
 * CAP_SYSLOG (the kernel's log) and a PID namespace that it shares with the processes of the node.
 */
public final class LinuxKernel implements NodeKernel, Closeable {

  /**
   * Where the kernel's file systems are.
   *
   * @param proc a procfs whose {@code sys} can be written: {@code /proc}, or the node's, mounted
   *     into a container
   * @param tracefsMountPoint a folder where tracefs may be mounted if it is not where it usually
   *     is; null: none
   */
  public record Paths(Path proc, @Nullable Path tracefsMountPoint) {}

  private final String proc;
  private final KernelFiles files;
  private final PatientCalls calls;
  private final LinuxProcesses processes;
  private final LinuxThreads threads;
  private final LinuxNamespaces namespaces;
  private final LinuxRelisten relisten;
  private final LinuxKernelLog log;
  private final Tracefs tracefs;

  /**
   * @throws IOException if procfs is not there, or is another PID namespace's than this process's
   */
  public LinuxKernel(LinuxC linux, Paths paths) throws IOException {
    proc = paths.proc().toString();
    files = new KernelFiles(linux);
    requireOwnPidNamespace();
    calls = new PatientCalls(this::owner);
    var locked = LockedFiles.patient(files, calls);
    processes = new LinuxProcesses(linux, proc, locked);
    threads = new LinuxThreads(linux, proc, locked);
    namespaces = new LinuxNamespaces(linux, proc);
    relisten = new LinuxRelisten(linux, processes, calls);
    log = new LinuxKernelLog(linux);
    tracefs = new Tracefs(linux, processes, proc, paths.tracefsMountPoint());
  }

  /** The pod of a process, or itself. */
  private Object owner(int pid) {
    try {
      return processes.container(pid).<Object>map(Container::podUid).orElse(pid);
    } catch (IOException e) {
      return pid;
    }
  }

  private void requireOwnPidNamespace() throws IOException {
    var self = files.link(proc + "/self");
    long pid = ProcessHandle.current().pid();
    if (!self.orElse("").equals(Long.toString(pid))) {
      throw new IOException(
          "%s/self leads to %s, and this is process %d: is it procfs, and of this PID namespace (hostPID)?"
              .formatted(proc, self.orElse("nowhere"), pid));
    }
  }

  @Override
  public String bootId() throws IOException {
    return new String(files.read(proc + "/sys/kernel/random/boot_id", 64), US_ASCII).strip();
  }

  @Override
  public Duration uptime() throws IOException {
    String path = proc + "/uptime";
    String content = new String(files.read(path, 64), US_ASCII); // "8123.45 30291.07", proc(5)
    try {
      double seconds = Double.parseDouble(content.substring(0, content.indexOf(' ') + 1));
      return Duration.ofMillis(Math.round(seconds * 1000));
    } catch (NumberFormatException e) {
      throw new IOException("%s does not begin with a number: %s".formatted(path, content), e);
    }
  }

  @Override
  public Processes processes() {
    return processes;
  }

  @Override
  public Threads threads() {
    return threads;
  }

  @Override
  public NetworkNamespaces namespaces() {
    return namespaces;
  }

  @Override
  public Relisten relisten() {
    return relisten;
  }

  @Override
  public KernelLog log() {
    return log;
  }

  @Override
  public KernelEvents openEvents() throws IOException {
    return tracefs.open();
  }

  /** To be called when nothing of it is in use. */
  @Override
  public void close() {
    log.close();
    calls.close();
    namespaces.close();
  }
}
