package io.listenbacklog.kernel.threads;

import org.jspecify.annotations.Nullable;

/**
 * The system call that a thread waits in.
 *
 * @param name as the manual has it, such as {@code recvfrom}
 * @param fd the file descriptor that it is about; -1: none, or not known
 * @param target where that descriptor leads; null: none, or not known
 */
public record BlockedCall(String name, int fd, @Nullable FdTarget target) {}
