/** How people read numbers, times and clamps; and cleaning of what strangers wrote. */
@NullMarked
package io.listenbacklog.policy.text;

import org.jspecify.annotations.NullMarked;
