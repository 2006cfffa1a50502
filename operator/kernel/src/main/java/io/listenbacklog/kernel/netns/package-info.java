/** Network namespaces: entering one, and leaving it for sure. */
@NullMarked
package io.listenbacklog.kernel.netns;

import org.jspecify.annotations.NullMarked;
