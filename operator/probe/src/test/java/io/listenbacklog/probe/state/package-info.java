@NullMarked
package io.listenbacklog.probe.state;

import org.jspecify.annotations.NullMarked;
