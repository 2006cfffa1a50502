/** Takes back what the operator did, before it is removed. */
@NullMarked
package io.listenbacklog.controller.uninstall;

import org.jspecify.annotations.NullMarked;
