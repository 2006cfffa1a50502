/** Writes Events: within quotas, aggregated, each once. */
@NullMarked
package io.listenbacklog.controller.event;

import org.jspecify.annotations.NullMarked;
