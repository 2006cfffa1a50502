/** The controller against a cluster of any size that is only an API, served from memory. */
@NullMarked
package io.listenbacklog.controller.scale;

import org.jspecify.annotations.NullMarked;
