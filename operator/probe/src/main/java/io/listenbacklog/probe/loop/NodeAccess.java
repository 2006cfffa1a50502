package io.listenbacklog.probe.loop;

import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.probe.discover.HostNamespaces;

/**
 * The node that the probe runs on, and the probe on it.
 *
 * @param hostNamespaces the network namespaces of the node itself
 * @param bootId sockets and namespaces of another boot are gone
 * @param ownPid the probe's, in the PID namespace of the node
 * @param socketsOutliveOwners whether a socket may outlive who it belongs to: see {@link
 *     io.listenbacklog.probe.discover.ProcessIndex#socketsOutliveOwners}
 */
public record NodeAccess(
    NodeKernel kernel,
    HostNamespaces hostNamespaces,
    String bootId,
    int ownPid,
    boolean socketsOutliveOwners) {

  /** A node of pods, whose sockets end with them. */
  public NodeAccess(NodeKernel kernel, HostNamespaces hostNamespaces, String bootId, int ownPid) {
    this(kernel, hostNamespaces, bootId, ownPid, false);
  }
}
