/** Who holds a socket, what hides one, and how a network namespace is entered. */
@NullMarked
package io.listenbacklog.probe.observe;

import org.jspecify.annotations.NullMarked;
