/**
 * The parts of Linux that the probe needs, behind small interfaces. Of Kubernetes it knows only how
 * cgroups are named, and it decides nothing.
 */
@NullMarked
package io.listenbacklog.kernel;

import org.jspecify.annotations.NullMarked;
