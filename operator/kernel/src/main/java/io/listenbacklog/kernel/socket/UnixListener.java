package io.listenbacklog.kernel.socket;

/**
 * A UNIX stream or seqpacket socket in LISTEN, as the kernel showed it at one moment. It counts no
 * drops: who finds its queue full waits, or gets EAGAIN.
 *
 * @param inode of the socket, as in {@code /proc/PID/fd}
 * @param queue connections that wait for accept()
 * @param backlog the limit: the queue is full at {@code backlog + 1}
 */
public record UnixListener(UnixListenerId id, long inode, int queue, int backlog) {}
