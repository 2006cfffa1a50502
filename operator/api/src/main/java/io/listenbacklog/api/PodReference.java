package io.listenbacklog.api;

import io.fabric8.generator.annotation.Required;

/** A pod as an Event refers to it. */
public record PodReference(
    @Required String uid, @Required String namespace, @Required String name) {}
