@NullMarked
package io.listenbacklog.kernel.threads;

import org.jspecify.annotations.NullMarked;
