@NullMarked
package io.listenbacklog.probe;

import org.jspecify.annotations.NullMarked;
