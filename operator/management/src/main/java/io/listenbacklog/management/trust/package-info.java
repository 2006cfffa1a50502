/** Whom both parts of the operator take for the cluster's API server. */
@NullMarked
package io.listenbacklog.management.trust;

import org.jspecify.annotations.NullMarked;
