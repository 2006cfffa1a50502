/** The chart on a real Kubernetes: what its parts may do, its upgrade and its removal. */
@NullMarked
package io.listenbacklog.e2e.chart;

import org.jspecify.annotations.NullMarked;
