/** The controller's configuration, from the environment. */
@NullMarked
package io.listenbacklog.controller.settings;

import org.jspecify.annotations.NullMarked;
