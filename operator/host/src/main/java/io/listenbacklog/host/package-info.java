/**
 * {@code backlog}: what the operator knows of listeners, for a machine without Kubernetes. Looks
 * and judges; changes nothing.
 */
@NullMarked
package io.listenbacklog.host;

import org.jspecify.annotations.NullMarked;
