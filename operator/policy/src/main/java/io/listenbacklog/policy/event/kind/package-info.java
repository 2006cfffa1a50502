/**
 * The Events, a class for each: when it is written, what makes it the same one again, its words.
 */
@NullMarked
package io.listenbacklog.policy.event.kind;

import org.jspecify.annotations.NullMarked;
