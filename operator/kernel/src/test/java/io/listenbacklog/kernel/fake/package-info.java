/** A kernel in memory, for the tests of those who use the kernel. */
@NullMarked
package io.listenbacklog.kernel.fake;

import org.jspecify.annotations.NullMarked;
