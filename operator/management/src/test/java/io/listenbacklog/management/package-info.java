@NullMarked
package io.listenbacklog.management;

import org.jspecify.annotations.NullMarked;
