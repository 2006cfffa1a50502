/** Processes: which pod and container one belongs to, what it is, which sockets it holds. */
@NullMarked
package io.listenbacklog.kernel.process;

import org.jspecify.annotations.NullMarked;
