package io.listenbacklog.controller.cluster.json;

import io.listenbacklog.policy.resolve.PodFacts;

/**
 * What the controller knows of a pod.
 *
 * @param facts what decides which requirement holds for it
 * @param resourceVersion informers compare it to tell an update from a resync
 * @param ready whether its Ready condition is True
 */
public record SlimPod(PodFacts facts, String resourceVersion, boolean ready) {}
