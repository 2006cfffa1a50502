/**
 * What the kernel shows of listeners, who holds them, what hides them, and what an earlier probe
 * saw.
 */
@NullMarked
package io.listenbacklog.probe.observe;

import org.jspecify.annotations.NullMarked;
