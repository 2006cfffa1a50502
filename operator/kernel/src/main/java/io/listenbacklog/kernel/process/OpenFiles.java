package io.listenbacklog.kernel.process;

/**
 * How many file descriptors a process has open, and how many it may have.
 *
 * @param open those below the limit
 * @param limit its soft limit of open files: the next number that no descriptor may have
 */
public record OpenFiles(int open, int limit) {

  /** Whether none can be opened any more: accept() fails with EMFILE. */
  public boolean areAll() {
    return open >= limit;
  }
}
