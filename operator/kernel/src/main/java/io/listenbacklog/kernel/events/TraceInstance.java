package io.listenbacklog.kernel.events;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.listenbacklog.kernel.linux.Descriptor;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.KernelFiles;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.linux.SyscallException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** A tracefs instance with the two events that are needed, filtered by the kernel. */
final class TraceInstance implements KernelEvents {
  private static final String BIRTH = "sock/inet_sock_set_state"; // Linux 4.16

  /**
   * {@code 10} is TCP_LISTEN, {@code 6} IPPROTO_TCP. Without the second and the third term an MPTCP
   * listener would be reported three times, and again at each re-listen.
   */
  private static final String BIRTH_FILTER = "newstate == 10 && oldstate != 10 && protocol == 6";

  private static final String CGROUP = "cgroup/cgroup_mkdir"; // Linux 4.16

  /** Every container's cgroup has an ancestor whose name contains this. */
  private static final String CGROUP_FILTER = "path ~ \"*pod*\"";

  /**
   * Of each CPU; the default is 1.4 MB. A birth takes some 100 bytes, a cgroup 200 and on cgroup v1
   * a dozen of them a container: room for 600 births or 30 containers while the reader wakes up.
   */
  private static final String BUFFER_KIB = "64";

  /** In case a wake-up is lost, as some kernels do (b3594573681b in Linux 6.9). */
  private static final int POLL_MILLIS = 1000;

  private static final int LONGEST_LINE = 64 * 1024;

  /** {@code struct pollfd}, include/uapi/asm-generic/poll.h. */
  static final StructLayout POLLFD =
      MemoryLayout.structLayout(
          JAVA_INT.withName("fd"), JAVA_SHORT.withName("events"), JAVA_SHORT.withName("revents"));

  private static final long POLL_FD = POLLFD.byteOffset(PathElement.groupElement("fd"));
  private static final long POLL_EVENTS = POLLFD.byteOffset(PathElement.groupElement("events"));

  private final LinuxC linux;
  private final Path folder;
  private final Descriptor pipe;
  private final Descriptor waker;
  private final Arena memory = Arena.ofShared();
  private final MemorySegment polled = memory.allocate(MemoryLayout.sequenceLayout(2, POLLFD));
  private final MemorySegment buffer = memory.allocate(16 * 1024);
  private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
  private final ReentrantLock reading = new ReentrantLock();
  private volatile boolean closed;

  private TraceInstance(LinuxC linux, Path folder, Descriptor pipe, Descriptor waker) {
    this.linux = linux;
    this.folder = folder;
    this.pipe = pipe;
    this.waker = waker;
    await(0, pipe);
    await(1, waker);
  }

  private void await(int index, Descriptor descriptor) {
    polled.set(JAVA_INT, index * POLLFD.byteSize() + POLL_FD, descriptor.fd());
    polled.set(JAVA_SHORT, index * POLLFD.byteSize() + POLL_EVENTS, LinuxC.POLLIN);
  }

  /** Creates the instance, and removes it again if that fails halfway. */
  static TraceInstance make(LinuxC linux, Path folder) throws IOException {
    Files.createDirectory(folder);
    boolean whole = false;
    try {
      var files = new KernelFiles(linux);
      files.write(folder.resolve("buffer_size_kb").toString(), BUFFER_KIB);
      var pipe =
          Descriptor.open(
              linux, folder.resolve("trace_pipe").toString(), LinuxC.O_RDONLY | LinuxC.O_NONBLOCK);
      try {
        enable(files, folder, BIRTH, BIRTH_FILTER);
        enable(files, folder, CGROUP, CGROUP_FILTER);
        var waker = new Descriptor(linux, linux.eventfd(0, LinuxC.EFD_CLOEXEC));
        var instance = new TraceInstance(linux, folder, pipe, waker);
        whole = true;
        return instance;
      } finally {
        if (!whole) pipe.close();
      }
    } finally {
      if (!whole) Files.deleteIfExists(folder);
    }
  }

  private static void enable(KernelFiles files, Path folder, String event, String filter)
      throws IOException {
    var tracepoint = folder.resolve("events").resolve(event);
    if (!Files.isDirectory(tracepoint)) {
      throw new IOException("this kernel has no tracepoint " + event);
    }
    files.write(tracepoint.resolve("filter").toString(), filter);
    files.write(tracepoint.resolve("enable").toString(), "1");
  }

  @Override
  public List<KernelEvent> read() throws IOException {
    reading.lock();
    try {
      // With cgroup v1 the same cgroup is created in each hierarchy: report it once.
      var events = new LinkedHashSet<KernelEvent>();
      while (events.isEmpty() && !closed) {
        waitForMore();
        if (!closed) takeLines(events);
      }
      return closed ? List.of() : List.copyOf(events);
    } finally {
      reading.unlock();
    }
  }

  private void waitForMore() throws SyscallException {
    try {
      linux.poll(polled, 2, POLL_MILLIS);
    } catch (SyscallException e) {
      if (!e.is(Errno.EINTR)) throw e;
    }
  }

  /** Reads what is there, without blocking. */
  private void takeLines(Set<KernelEvent> events) throws IOException {
    try {
      int length = linux.read(pipe.fd(), buffer);
      if (length == 0) return;
      for (byte b : buffer.asSlice(0, length).toArray(JAVA_BYTE)) {
        if (b != '\n') {
          if (unfinished.size() < LONGEST_LINE) unfinished.write(b);
          continue;
        }
        TraceLine.event(unfinished.toString(UTF_8)).ifPresent(events::add);
        unfinished.reset();
      }
    } catch (SyscallException e) {
      if (!e.is(Errno.EAGAIN) && !e.is(Errno.EINTR)) throw e;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (closed) return;
    closed = true;
    wake();
    reading.lock();
    try {
      pipe.close();
      waker.close();
      memory.close();
    } finally {
      reading.unlock();
    }
    Files.deleteIfExists(folder);
  }

  private void wake() throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      linux.write(waker.fd(), arena.allocateFrom(JAVA_LONG, 1));
    }
  }
}
