@NullMarked
package io.listenbacklog.management.trust;

import org.jspecify.annotations.NullMarked;
