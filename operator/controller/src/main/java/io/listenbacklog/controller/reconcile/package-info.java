/** The reconcilers, and what triggers them. */
@NullMarked
package io.listenbacklog.controller.reconcile;

import org.jspecify.annotations.NullMarked;
