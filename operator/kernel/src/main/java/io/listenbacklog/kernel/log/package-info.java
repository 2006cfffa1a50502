/** The kernel's log: what it says of SYN floods. */
@NullMarked
package io.listenbacklog.kernel.log;

import org.jspecify.annotations.NullMarked;
