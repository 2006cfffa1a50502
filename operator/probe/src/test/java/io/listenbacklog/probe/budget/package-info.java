@NullMarked
package io.listenbacklog.probe.budget;

import org.jspecify.annotations.NullMarked;
