/**
 * Tests on a real Kubernetes: the two-node cluster of {@code examples/cluster}, made once for all
 * of them, with the chart installed as users install it.
 */
@NullMarked
package io.listenbacklog.e2e.harness;

import org.jspecify.annotations.NullMarked;
