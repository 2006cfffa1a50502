/** Metrics and log keys. */
@NullMarked
package io.listenbacklog.controller.telemetry;

import org.jspecify.annotations.NullMarked;
