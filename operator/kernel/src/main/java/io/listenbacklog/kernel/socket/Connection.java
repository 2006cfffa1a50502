package io.listenbacklog.kernel.socket;

/**
 * A TCP connection, as the kernel showed it at one moment.
 *
 * @param local this end
 * @param device the interface it is bound to; 0: none
 * @param peer the other end
 * @param cookie {@code SO_COOKIE}: never used again by another socket of this boot
 * @param inode of the socket, as in {@code /proc/PID/fd}; 0: it waits for accept()
 * @param unreadBytes what the peer has sent and nobody has read
 * @param idleMillis since this end sent data; if it never did, since the connection was
 *     established: for one that waits, how long it has waited
 * @param silentMillis since the peer sent data; if it never did, since the connection was
 *     established
 */
public record Connection(
    Endpoint local,
    int device,
    Endpoint peer,
    long cookie,
    long inode,
    long unreadBytes,
    long idleMillis,
    long silentMillis) {

  /** Whether nobody has accepted it yet. */
  public boolean waits() {
    return inode == 0;
  }
}
