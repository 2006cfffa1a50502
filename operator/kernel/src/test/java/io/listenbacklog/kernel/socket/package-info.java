@NullMarked
package io.listenbacklog.kernel.socket;

import org.jspecify.annotations.NullMarked;
