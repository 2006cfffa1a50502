/** What a pod's own annotations ask for. */
@NullMarked
package io.listenbacklog.policy.resolve.annotation;

import org.jspecify.annotations.NullMarked;
