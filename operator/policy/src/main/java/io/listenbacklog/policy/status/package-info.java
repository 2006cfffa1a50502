/** The status of a policy: conditions, counts, the worst listeners. */
@NullMarked
package io.listenbacklog.policy.status;

import org.jspecify.annotations.NullMarked;
