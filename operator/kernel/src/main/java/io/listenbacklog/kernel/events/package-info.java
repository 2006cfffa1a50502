/** New listeners and lost events, as the kernel reports them through tracefs. */
@NullMarked
package io.listenbacklog.kernel.events;

import org.jspecify.annotations.NullMarked;
