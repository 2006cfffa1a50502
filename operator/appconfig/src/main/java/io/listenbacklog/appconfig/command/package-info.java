/** Environment variables and arguments of a container. */
@NullMarked
package io.listenbacklog.appconfig.command;

import org.jspecify.annotations.NullMarked;
