/** What threads do, read from procfs: nothing here stops, traces or touches them. */
@NullMarked
package io.listenbacklog.kernel.threads;

import org.jspecify.annotations.NullMarked;
