/** What the probe says: NodeBacklog.status. */
@NullMarked
package io.listenbacklog.probe.report;

import org.jspecify.annotations.NullMarked;
