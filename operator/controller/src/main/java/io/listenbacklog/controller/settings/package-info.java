/** What the controller is told by its environment. */
@NullMarked
package io.listenbacklog.controller.settings;

import org.jspecify.annotations.NullMarked;
