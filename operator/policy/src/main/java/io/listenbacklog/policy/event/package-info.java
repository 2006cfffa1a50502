/** Which Events the state of the cluster calls for, under which names. */
@NullMarked
package io.listenbacklog.policy.event;

import org.jspecify.annotations.NullMarked;
