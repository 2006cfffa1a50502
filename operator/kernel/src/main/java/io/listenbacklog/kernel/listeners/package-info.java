/** TCP listeners, read by sock_diag. */
@NullMarked
package io.listenbacklog.kernel.listeners;

import org.jspecify.annotations.NullMarked;
