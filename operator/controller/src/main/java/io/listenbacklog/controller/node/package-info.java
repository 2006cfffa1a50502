/** Writes one NodeBacklog for each Node: what the pods there need. */
@NullMarked
package io.listenbacklog.controller.node;

import org.jspecify.annotations.NullMarked;
