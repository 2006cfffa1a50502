@NullMarked
package io.listenbacklog.kernel.process;

import org.jspecify.annotations.NullMarked;
