@NullMarked
package io.listenbacklog.probe.cluster;

import org.jspecify.annotations.NullMarked;
