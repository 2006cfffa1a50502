/** The kernel's log, for its warnings of SYN floods. */
@NullMarked
package io.listenbacklog.kernel.log;

import org.jspecify.annotations.NullMarked;
