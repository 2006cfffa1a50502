/**
 * Linux, as far as the probe needs it, behind small interfaces. Knows nothing of Kubernetes but how
 * its cgroups are named, and decides nothing.
 */
@NullMarked
package io.listenbacklog.kernel;

import org.jspecify.annotations.NullMarked;
