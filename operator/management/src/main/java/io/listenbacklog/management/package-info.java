/**
 * The HTTP server of both parts of the operator, for the kubelet's questions and for metrics: small
 * and of fixed cost, for anybody on the pod network may talk to it. It knows GET and HEAD, answers
 * one request a connection, and has a bound for all that a client can fill, hold or slow down.
 *
 * <p>The JDK's own server reads a request on the thread that answers it, limits neither connections
 * nor their time but by system properties, and takes whole answers: two half requests kept the
 * kubelet out of one with two threads.
 */
@NullMarked
package io.listenbacklog.management;

import org.jspecify.annotations.NullMarked;
