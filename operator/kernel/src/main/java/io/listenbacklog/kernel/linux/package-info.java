/** System calls as C has them, their errors, and the binding to the C library. */
@NullMarked
package io.listenbacklog.kernel.linux;

import org.jspecify.annotations.NullMarked;
