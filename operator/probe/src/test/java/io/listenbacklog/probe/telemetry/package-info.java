@NullMarked
package io.listenbacklog.probe.telemetry;

import org.jspecify.annotations.NullMarked;
