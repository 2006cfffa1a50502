/** Label selectors, as Kubernetes evaluates them. */
@NullMarked
package io.listenbacklog.policy.resolve.selector;

import org.jspecify.annotations.NullMarked;
