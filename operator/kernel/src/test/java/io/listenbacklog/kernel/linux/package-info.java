@NullMarked
package io.listenbacklog.kernel.linux;

import org.jspecify.annotations.NullMarked;
