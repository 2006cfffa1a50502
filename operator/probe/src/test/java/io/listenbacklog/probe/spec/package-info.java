@NullMarked
package io.listenbacklog.probe.spec;

import org.jspecify.annotations.NullMarked;
