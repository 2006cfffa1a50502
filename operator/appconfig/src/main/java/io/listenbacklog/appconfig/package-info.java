/**
 * Where an application's own configuration says the listen backlog, and how to change that one
 * value: pure, no client, no file, no clock.
 */
@NullMarked
package io.listenbacklog.appconfig;

import org.jspecify.annotations.NullMarked;
