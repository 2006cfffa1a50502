/** What the controller reads of pods, nodes, namespaces and NodeBacklogs, straight from JSON. */
@NullMarked
package io.listenbacklog.controller.cluster.json;

import org.jspecify.annotations.NullMarked;
