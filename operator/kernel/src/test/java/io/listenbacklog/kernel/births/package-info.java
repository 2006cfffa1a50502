@NullMarked
package io.listenbacklog.kernel.births;

import org.jspecify.annotations.NullMarked;
