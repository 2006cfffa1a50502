@NullMarked
package io.listenbacklog.probe.engine;

import org.jspecify.annotations.NullMarked;
