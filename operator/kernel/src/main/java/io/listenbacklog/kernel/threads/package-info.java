/** What threads do, read from procfs: nothing here stops or traces them. */
@NullMarked
package io.listenbacklog.kernel.threads;

import org.jspecify.annotations.NullMarked;
