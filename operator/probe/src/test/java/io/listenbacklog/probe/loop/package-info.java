@NullMarked
package io.listenbacklog.probe.loop;

import org.jspecify.annotations.NullMarked;
