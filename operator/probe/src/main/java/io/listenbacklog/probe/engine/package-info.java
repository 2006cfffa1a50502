/** Observe, assess, remedy, keep, undo: all state of the probe, owned by one thread. */
@NullMarked
package io.listenbacklog.probe.engine;

import org.jspecify.annotations.NullMarked;
