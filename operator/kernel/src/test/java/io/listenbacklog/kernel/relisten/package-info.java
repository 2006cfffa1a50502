@NullMarked
package io.listenbacklog.kernel.relisten;

import org.jspecify.annotations.NullMarked;
