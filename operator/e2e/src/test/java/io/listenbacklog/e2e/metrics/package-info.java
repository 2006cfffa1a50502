/** The metrics, alerts and dashboard in a real Prometheus, fed by a real cluster under load. */
@NullMarked
package io.listenbacklog.e2e.metrics;

import org.jspecify.annotations.NullMarked;
