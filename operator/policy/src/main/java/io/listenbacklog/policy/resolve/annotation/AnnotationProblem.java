package io.listenbacklog.policy.resolve.annotation;

/**
 * Something invalid in a pod's annotations. It is treated as absent; the rest holds.
 *
 * @param key the annotation's
 * @param value the part of its value that is meant, as the pod has it: untrusted, of any length
 * @param problem what is wrong, without a full stop, such as {@code is not a number from 1 to
 *     65535}
 */
public record AnnotationProblem(String key, String value, String problem) {}
