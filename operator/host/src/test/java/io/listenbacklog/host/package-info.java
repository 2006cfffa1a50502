@NullMarked
package io.listenbacklog.host;

import org.jspecify.annotations.NullMarked;
