@NullMarked
package io.listenbacklog.probe.apiserver;

import org.jspecify.annotations.NullMarked;
