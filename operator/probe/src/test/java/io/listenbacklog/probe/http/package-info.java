@NullMarked
package io.listenbacklog.probe.http;

import org.jspecify.annotations.NullMarked;
