/** What was raised, with what is needed to undo it, kept across a restart of the probe. */
@NullMarked
package io.listenbacklog.probe.journal;

import org.jspecify.annotations.NullMarked;
