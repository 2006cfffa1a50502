@NullMarked
package io.listenbacklog.kernel.events;

import org.jspecify.annotations.NullMarked;
