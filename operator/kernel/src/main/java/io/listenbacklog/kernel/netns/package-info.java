/** Network namespaces: how to look into one without staying in it. */
@NullMarked
package io.listenbacklog.kernel.netns;

import org.jspecify.annotations.NullMarked;
