/** Servers as their packages ship them, in pods: found, assessed, raised, and still serving. */
@NullMarked
package io.listenbacklog.e2e.servers;

import org.jspecify.annotations.NullMarked;
