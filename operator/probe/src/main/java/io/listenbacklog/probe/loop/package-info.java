/** The one thread that owns all state: what is due, the sweep, the visit of a namespace. */
@NullMarked
package io.listenbacklog.probe.loop;

import org.jspecify.annotations.NullMarked;
