/**
 * The custom resources of the operator, group {@code listenbacklog.io}, and the names that people
 * meet in Kubernetes: condition types, Event reasons, annotation keys.
 *
 * <p>{@code crds/} is generated from these types. A field is here only if it works.
 */
@NullMarked
package io.listenbacklog.api;

import org.jspecify.annotations.NullMarked;
