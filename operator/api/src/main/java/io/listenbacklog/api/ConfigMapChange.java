package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * One value in a file that a ConfigMap gives to a workload as a volume.
 *
 * @param name of the ConfigMap, which is read and never written
 * @param key of the file in it
 * @param path where in the file, as the format names places: {@code listen 8080}
 */
public record ConfigMapChange(
    @Required
        @JsonPropertyDescription(
            "The ConfigMap. It is never edited: a copy takes its place in the pod template.")
        @Size(min = 1, max = 253)
        String name,
    @Required @JsonPropertyDescription("The key of the file in it.") @Size(min = 1, max = 253)
        String key,
    @Required @JsonPropertyDescription("The format of the file.") ConfigFormat format,
    @Required
        @JsonPropertyDescription("Where in the file, such as \"listen 8080\" for Nginx.")
        @Size(min = 1, max = 512)
        String path) {}
