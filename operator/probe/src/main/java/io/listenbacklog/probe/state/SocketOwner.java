package io.listenbacklog.probe.state;

/** A process of the pod that holds the socket, and the fd under which it does. */
public record SocketOwner(int pid, int fd) {}
