@NullMarked
package io.listenbacklog.probe.report;

import org.jspecify.annotations.NullMarked;
