/** NodeBacklog.status and metrics: what is reported, within bounds. */
@NullMarked
package io.listenbacklog.probe.report;

import org.jspecify.annotations.NullMarked;
