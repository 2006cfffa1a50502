package io.listenbacklog.probe.loop;

import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.probe.discover.HostNamespaces;

/**
 * The node that the probe runs on, and the probe on it.
 *
 * @param hostNamespaces the network namespaces of the node itself
 * @param bootId sockets and namespaces of another boot are gone
 * @param ownPid the probe's, in the PID namespace of the node
 */
public record NodeAccess(
    NodeKernel kernel, HostNamespaces hostNamespaces, String bootId, int ownPid) {}
