package io.listenbacklog.kernel.threads;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code /proc/PID/task/TID/syscall}. */
sealed interface SyscallLine {

  /** It runs, or is ready to. */
  record Running() implements SyscallLine {}

  /** It waits, but in no system call: for a page, for instance. */
  record InNone() implements SyscallLine {}

  /**
   * It waits in a system call.
   *
   * @param number in the table of its architecture
   * @param arguments six of them
   * @param stackPointer of the program
   */
  record InCall(long number, List<Long> arguments, long stackPointer) implements SyscallLine {

    public InCall {
      arguments = List.copyOf(arguments);
    }

    /**
     * Whether it is of a 32-bit program, whose call numbers differ: its stack is below 4 GiB, where
     * a 64-bit program has its stack only on request.
     */
    boolean is32Bit() {
      return stackPointer >>> 32 == 0;
    }
  }

  /** What the kernel wrote (fs/proc/base.c, proc_pid_syscall); empty: something else. */
  static Optional<SyscallLine> parse(String text) {
    var line = text.strip();
    if (line.equals("running")) return Optional.of(new Running());
    var fields = line.split(" ", 10);
    if (fields.length == 3 && fields[0].equals("-1")) return Optional.of(new InNone());
    if (fields.length != 9) return Optional.empty();
    try {
      var arguments = new ArrayList<Long>();
      for (int index = 0; index < 6; index++) arguments.add(hexadecimal(fields[1 + index]));
      return Optional.of(new InCall(Long.parseLong(fields[0]), arguments, hexadecimal(fields[7])));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static long hexadecimal(String text) {
    if (!text.startsWith("0x")) throw new NumberFormatException(text);
    return Long.parseUnsignedLong(text, 2, text.length(), 16);
  }
}
