/**
 * Cases that are directories: {@code in-*.yaml} are objects as in a cluster, {@code out-*} what
 * must come of them. A new directory is a new case. {@code -Dgolden=write} writes the outs.
 */
@NullMarked
package io.listenbacklog.policy.golden;

import org.jspecify.annotations.NullMarked;
