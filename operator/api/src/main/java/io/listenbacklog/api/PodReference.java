package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** A pod as an Event refers to it. */
public record PodReference(
    @Required @JsonPropertyDescription("Its uid.") String uid,
    @Required @JsonPropertyDescription("Its namespace.") String namespace,
    @Required @JsonPropertyDescription("Its name.") String name) {}
