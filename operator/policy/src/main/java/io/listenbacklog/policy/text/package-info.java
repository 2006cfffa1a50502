/** Formatting of numbers, times and clamps for people; sanitizing of untrusted text. */
@NullMarked
package io.listenbacklog.policy.text;

import org.jspecify.annotations.NullMarked;
