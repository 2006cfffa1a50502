/** Finds overflows, SYN floods and stalled applications. */
@NullMarked
package io.listenbacklog.probe.symptom;

import org.jspecify.annotations.NullMarked;
