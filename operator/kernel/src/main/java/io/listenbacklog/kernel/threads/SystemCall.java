package io.listenbacklog.kernel.threads;

/**
 * A system call, as the manual names it.
 *
 * @param fdArgument which argument is the file descriptor that it is about, from 0; -1: none is
 */
record SystemCall(String name, int fdArgument) {}
