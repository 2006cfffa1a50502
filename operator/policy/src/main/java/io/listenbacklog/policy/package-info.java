/**
 * The domain as pure functions: which requirement holds for which pod, what an observation means,
 * what is said of it. No I/O, no clock, no client.
 */
@NullMarked
package io.listenbacklog.policy;

import org.jspecify.annotations.NullMarked;
