/** Tells in Events what the probes found and did. */
@NullMarked
package io.listenbacklog.controller.report;

import org.jspecify.annotations.NullMarked;
