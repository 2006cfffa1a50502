/** Which requirement holds for which pod. */
@NullMarked
package io.listenbacklog.policy.resolve;

import org.jspecify.annotations.NullMarked;
