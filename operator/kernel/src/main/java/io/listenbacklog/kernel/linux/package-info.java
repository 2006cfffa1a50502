/** C as the kernel speaks it: the calls, their errors, and the binding to the C library. */
@NullMarked
package io.listenbacklog.kernel.linux;

import org.jspecify.annotations.NullMarked;
