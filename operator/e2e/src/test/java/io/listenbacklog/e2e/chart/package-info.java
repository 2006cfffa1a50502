/** The chart on a real Kubernetes: what its parts may do, and how it comes, changes and goes. */
@NullMarked
package io.listenbacklog.e2e.chart;

import org.jspecify.annotations.NullMarked;
