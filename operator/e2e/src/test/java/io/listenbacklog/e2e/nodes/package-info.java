/** Ordinary nodes, as virtual machines: {@code operator/e2e/nodes}. */
@NullMarked
package io.listenbacklog.e2e.nodes;

import org.jspecify.annotations.NullMarked;
