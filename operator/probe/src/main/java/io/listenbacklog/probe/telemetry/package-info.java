/** What the probe counts and logs: counters, keys of log lines, errors that come again. */
@NullMarked
package io.listenbacklog.probe.telemetry;

import org.jspecify.annotations.NullMarked;
