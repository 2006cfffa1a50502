package io.listenbacklog.kernel.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A real seccomp filter that lets one system call fail, for one thread and those that it starts:
 * such as a container runtime's profile would be, but that ends with the thread.
 *
 * @param call its number, one that all architectures share (424 and above)
 * @param errno what it fails with
 */
public record Seccomp(int call, int errno) {
  // include/uapi/linux/prctl.h, include/uapi/linux/seccomp.h
  private static final int PR_SET_SECCOMP = 22;
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final long SECCOMP_MODE_FILTER = 2;
  private static final int SECCOMP_RET_ERRNO = 0x00050000;
  private static final int SECCOMP_RET_ALLOW = 0x7fff0000;

  // include/uapi/linux/bpf_common.h
  private static final short LOAD_WORD = 0x20; // BPF_LD | BPF_W | BPF_ABS
  private static final short JUMP_IF_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
  private static final short RETURN = 0x06; // BPF_RET | BPF_K

  private static final int INSTRUCTION = 8; // struct sock_filter
  private static final int PROGRAM = 16; // struct sock_fprog

  /** {@code pidfd_getfd(2)}, include/uapi/asm-generic/unistd.h, Linux 5.6. */
  public static final int PIDFD_GETFD = 438;

  /** Does something in a thread of its own under the filter, and waits for it. */
  public <T> T under(Callable<T> work) throws Exception {
    var task =
        new FutureTask<>(
            () -> {
              install();
              return work.call();
            });
    Thread.ofPlatform().name("seccomp").start(task);
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) throw cause;
      if (e.getCause() instanceof Error cause) throw cause;
      throw e;
    }
  }

  private void install() throws Exception {
    try (var arena = Arena.ofConfined()) {
      var filter = arena.allocate(4 * INSTRUCTION, 8);
      instruction(filter, 0, LOAD_WORD, 0, 0); // seccomp_data.nr
      instruction(filter, 1, JUMP_IF_EQUAL, 1, call);
      instruction(filter, 2, RETURN, 0, SECCOMP_RET_ERRNO | errno);
      instruction(filter, 3, RETURN, 0, SECCOMP_RET_ALLOW);
      var program = arena.allocate(PROGRAM, 8);
      program.set(JAVA_SHORT, 0, (short) 4);
      program.set(ADDRESS, 8, filter);
      prctl(PR_SET_NO_NEW_PRIVS, 1, MemorySegment.NULL);
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program);
    }
  }

  /** If it is another value, the next instruction but one is next. */
  private static void instruction(
      MemorySegment filter, int index, short code, int skipElse, int value) {
    long at = (long) index * INSTRUCTION;
    filter.set(JAVA_SHORT, at, code);
    filter.set(JAVA_BYTE, at + 3, (byte) skipElse);
    filter.set(JAVA_INT, at + 4, value);
  }

  private static void prctl(int option, long second, MemorySegment third) {
    var linker = Linker.nativeLinker();
    var handle =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("prctl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    int result;
    try {
      result = (int) handle.invokeExact(option, second, third, 0L, 0L);
    } catch (Throwable t) {
      throw new AssertionError("prctl: handle and descriptor disagree", t);
    }
    if (result != 0) throw new IllegalStateException("prctl(%d) failed".formatted(option));
  }
}
