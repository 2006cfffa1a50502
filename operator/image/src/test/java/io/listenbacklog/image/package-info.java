/** Tests of the image and of the chart as they are built; on a cluster they are tried by e2e. */
@NullMarked
package io.listenbacklog.image;

import org.jspecify.annotations.NullMarked;
