package io.listenbacklog.controller.cluster;

import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.policy.resolve.NodeResolution;
import org.jspecify.annotations.Nullable;

/**
 * What is to hold on a node, and what does.
 *
 * @param backlog null: there is none
 * @param probeReady whether a probe on this node is ready
 */
public record NodeState(
    String node, NodeResolution resolution, @Nullable NodeBacklog backlog, boolean probeReady) {}
