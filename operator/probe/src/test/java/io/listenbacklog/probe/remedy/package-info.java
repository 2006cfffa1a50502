@NullMarked
package io.listenbacklog.probe.remedy;

import org.jspecify.annotations.NullMarked;
