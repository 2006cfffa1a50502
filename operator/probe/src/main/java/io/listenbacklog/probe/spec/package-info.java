/** What the controller asks of this node, as the probe keeps it. */
@NullMarked
package io.listenbacklog.probe.spec;

import org.jspecify.annotations.NullMarked;
