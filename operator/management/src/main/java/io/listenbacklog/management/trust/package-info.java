/** TLS trust in the cluster's API server, for both parts of the operator. */
@NullMarked
package io.listenbacklog.management.trust;

import org.jspecify.annotations.NullMarked;
