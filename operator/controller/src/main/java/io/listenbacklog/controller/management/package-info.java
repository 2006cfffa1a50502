/** The controller's two HTTP servers and who may read its metrics. */
@NullMarked
package io.listenbacklog.controller.management;

import org.jspecify.annotations.NullMarked;
