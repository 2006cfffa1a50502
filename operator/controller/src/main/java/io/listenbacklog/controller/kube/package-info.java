/** The API server: clients, informers, server-side apply, leader election. */
@NullMarked
package io.listenbacklog.controller.kube;

import org.jspecify.annotations.NullMarked;
