/**
 * What the controller knows of the cluster, held small: 150,000 pods fit beside everything else in
 * 512 MiB because a pod is read from the wire into a record of what is needed of it, and nothing
 * more of it ever exists.
 */
@NullMarked
package io.listenbacklog.controller.cluster;

import org.jspecify.annotations.NullMarked;
