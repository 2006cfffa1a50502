/** NodeBacklog.status and metrics: what is told, within bounds, and what was told before. */
@NullMarked
package io.listenbacklog.probe.report;

import org.jspecify.annotations.NullMarked;
