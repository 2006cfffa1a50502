package io.listenbacklog.kernel.socket;

/**
 * A TCP socket in LISTEN, as the kernel showed it at one moment.
 *
 * @param inode of the socket, as in {@code /proc/PID/fd}
 * @param queue connections that wait for accept() (Recv-Q)
 * @param backlog the limit: the queue is full at {@code backlog + 1} (Send-Q)
 * @param drops segments that it dropped, for whatever reason, since it was born; never proof of an
 *     overflow alone
 */
public record Listener(ListenerId id, long inode, int queue, int backlog, long drops) {}
