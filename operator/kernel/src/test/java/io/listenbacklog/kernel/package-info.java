@NullMarked
package io.listenbacklog.kernel;

import org.jspecify.annotations.NullMarked;
