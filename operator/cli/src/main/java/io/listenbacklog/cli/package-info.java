/**
 * {@code kubectl backlog}: what the operator's resources hold, put together for one question at a
 * time.
 */
@NullMarked
package io.listenbacklog.cli;

import org.jspecify.annotations.NullMarked;
