/** What the probe can do on this node, found out by trying, as conditions. */
@NullMarked
package io.listenbacklog.probe.capability;

import org.jspecify.annotations.NullMarked;
