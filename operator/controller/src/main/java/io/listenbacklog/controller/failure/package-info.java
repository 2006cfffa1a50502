/** What it means that a request to the API server failed, and how it is said. */
@NullMarked
package io.listenbacklog.controller.failure;

import org.jspecify.annotations.NullMarked;
