package io.listenbacklog.kernel.process;

import java.util.Optional;

/**
 * The signals that a process handles itself.
 *
 * @param mask signal N is bit N − 1; {@code SigCgt} of {@code /proc/PID/status}, proc(5)
 */
record CaughtSignals(long mask) {
  private static final String LINE = "SigCgt:";

  private static final int SIGSEGV = 11;
  private static final int SIGURG = 23;

  /**
   * Go's runtime installs a handler for every signal that it can, where others take one or two of
   * the real-time ones at most; 32 to 34 belong to the C library. Go's
   * src/runtime/sigtab_linux_generic.go and signal_unix.go; SIGURG since Go 1.14, for preemption.
   * Neither the heap's address (random since Go 1.26) nor the executable's file (reading it may
   * block, for it can be on FUSE) tells it as well.
   */
  private static final long GO = -1L << (35 - 1) | 1L << (SIGSEGV - 1) | 1L << (SIGURG - 1);

  /** From the text of {@code /proc/PID/status}; empty if it has none. */
  static Optional<CaughtSignals> inFile(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith(LINE))
        .findFirst()
        .flatMap(line -> parse(line.substring(LINE.length()).strip()));
  }

  private static Optional<CaughtSignals> parse(String hexadecimal) {
    try {
      return Optional.of(new CaughtSignals(Long.parseUnsignedLong(hexadecimal, 16)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Whether these are those of a Go program. */
  boolean areThoseOfGo() {
    return (mask & GO) == GO;
  }
}
