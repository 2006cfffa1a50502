/** Servers as their packages make them, in pods: found, judged, raised, and still serving. */
@NullMarked
package io.listenbacklog.e2e.servers;

import org.jspecify.annotations.NullMarked;
