@NullMarked
package io.listenbacklog.probe.discover;

import org.jspecify.annotations.NullMarked;
