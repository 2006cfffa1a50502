/** What the kernel tells at once: listeners that are born, cgroups that are made. */
@NullMarked
package io.listenbacklog.kernel.births;

import org.jspecify.annotations.NullMarked;
