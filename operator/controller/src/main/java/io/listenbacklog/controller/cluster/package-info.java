/**
 * What the controller knows of the cluster, held small: 150,000 pods fit beside everything else in
 * 512 MiB because a pod is parsed straight into a record of the fields that are needed, and nothing
 * else of it is ever in memory.
 */
@NullMarked
package io.listenbacklog.controller.cluster;

import org.jspecify.annotations.NullMarked;
