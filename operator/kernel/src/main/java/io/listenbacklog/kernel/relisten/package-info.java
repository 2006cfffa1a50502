/** Changing the backlog of a live listener. */
@NullMarked
package io.listenbacklog.kernel.relisten;

import org.jspecify.annotations.NullMarked;
