package io.listenbacklog.probe.state;

/**
 * A process that held a socket, and does so no more.
 *
 * @param process its command name
 * @param pid on the node
 * @param program hash of the path of its executable; 0: not known
 */
public record FormerOwner(String process, int pid, int program) {}
