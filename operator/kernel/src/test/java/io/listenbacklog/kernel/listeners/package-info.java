@NullMarked
package io.listenbacklog.kernel.listeners;

import org.jspecify.annotations.NullMarked;
