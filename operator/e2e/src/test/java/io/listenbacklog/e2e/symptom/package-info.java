/** Overflows, stalls and SYN floods. */
@NullMarked
package io.listenbacklog.e2e.symptom;

import org.jspecify.annotations.NullMarked;
