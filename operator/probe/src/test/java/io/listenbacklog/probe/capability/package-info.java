@NullMarked
package io.listenbacklog.probe.capability;

import org.jspecify.annotations.NullMarked;
