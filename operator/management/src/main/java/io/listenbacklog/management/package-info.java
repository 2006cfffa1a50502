/**
 * The HTTP server of both parts of the operator, for the kubelet's probes and for metrics: small
 * and of fixed cost, because anybody on the pod network can connect to it. It supports GET and
 * HEAD, serves one request a connection, and bounds everything that a client can fill, hold or slow
 * down.
 *
 * <p>The JDK's own server reads a request on the thread that answers it, limits connections and
 * their time only by system properties, and needs whole responses: two half requests kept the
 * kubelet out of one with two threads.
 */
@NullMarked
package io.listenbacklog.management;

import org.jspecify.annotations.NullMarked;
