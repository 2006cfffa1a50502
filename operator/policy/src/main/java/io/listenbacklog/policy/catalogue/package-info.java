/** Known applications: how to recognise them, and where each sets its backlog. */
@NullMarked
package io.listenbacklog.policy.catalogue;

import org.jspecify.annotations.NullMarked;
