/**
 * Writes what policies ask of applications' own configuration into workloads, and watches over it.
 */
@NullMarked
package io.listenbacklog.controller.appconfig;

import org.jspecify.annotations.NullMarked;
