/** Listeners and the connections that wait in their accept queues. */
@NullMarked
package io.listenbacklog.kernel.socket;

import org.jspecify.annotations.NullMarked;
