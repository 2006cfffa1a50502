/** How much time, and how many things, a step, a pod and the node may take. */
@NullMarked
package io.listenbacklog.probe.budget;

import org.jspecify.annotations.NullMarked;
