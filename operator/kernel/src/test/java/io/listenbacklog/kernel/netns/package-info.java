@NullMarked
package io.listenbacklog.kernel.netns;

import org.jspecify.annotations.NullMarked;
