/** What people read: texts of Events and conditions, status of policies. */
@NullMarked
package io.listenbacklog.policy.report;

import org.jspecify.annotations.NullMarked;
