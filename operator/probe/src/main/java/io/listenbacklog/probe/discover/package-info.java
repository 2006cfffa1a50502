/** Which processes, and through them which network namespaces, belong to which pod. */
@NullMarked
package io.listenbacklog.probe.discover;

import org.jspecify.annotations.NullMarked;
