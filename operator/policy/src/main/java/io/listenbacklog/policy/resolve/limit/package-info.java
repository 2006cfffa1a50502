/** What this installation allows policies and annotations to ask for. */
@NullMarked
package io.listenbacklog.policy.resolve.limit;

import org.jspecify.annotations.NullMarked;
