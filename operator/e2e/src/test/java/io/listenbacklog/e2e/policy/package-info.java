/** Policies from selector to status. */
@NullMarked
package io.listenbacklog.e2e.policy;

import org.jspecify.annotations.NullMarked;
