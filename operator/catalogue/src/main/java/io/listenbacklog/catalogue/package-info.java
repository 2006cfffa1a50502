/** Known applications: how to recognise them, and where each sets its backlog. */
@NullMarked
package io.listenbacklog.catalogue;

import org.jspecify.annotations.NullMarked;
