@NullMarked
package io.listenbacklog.probe.json;

import org.jspecify.annotations.NullMarked;
