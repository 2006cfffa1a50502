@NullMarked
package io.listenbacklog.probe.journal;

import org.jspecify.annotations.NullMarked;
