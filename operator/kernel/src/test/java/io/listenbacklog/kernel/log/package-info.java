@NullMarked
package io.listenbacklog.kernel.log;

import org.jspecify.annotations.NullMarked;
