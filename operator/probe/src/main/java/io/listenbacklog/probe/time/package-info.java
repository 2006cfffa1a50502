/** The two clocks of the probe. */
@NullMarked
package io.listenbacklog.probe.time;

import org.jspecify.annotations.NullMarked;
