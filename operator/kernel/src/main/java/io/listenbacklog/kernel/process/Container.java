package io.listenbacklog.kernel.process;

/**
 * The container that a process belongs to, as its cgroup tells.
 *
 * @param podUid with dashes; for a static pod the hash of its manifest
 * @param containerId as the runtime named it, 64 hexadecimal digits with containerd and CRI-O;
 *     empty where it is not known: the own one of who looks from inside
 */
public record Container(String podUid, String containerId) {}
