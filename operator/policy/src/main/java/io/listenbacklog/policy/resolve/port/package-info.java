/** Ranges of ports. */
@NullMarked
package io.listenbacklog.policy.resolve.port;

import org.jspecify.annotations.NullMarked;
