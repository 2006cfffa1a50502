/**
 * What is to be done to a workload so that its application asks for the backlog itself, and when:
 * facts in, a decision out. No client, no clock.
 */
@NullMarked
package io.listenbacklog.appconfig.plan;

import org.jspecify.annotations.NullMarked;
