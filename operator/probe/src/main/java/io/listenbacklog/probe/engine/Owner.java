package io.listenbacklog.probe.engine;

/** A process of the pod that holds the socket, and the fd under which it does. */
record Owner(int pid, int fd) {}
