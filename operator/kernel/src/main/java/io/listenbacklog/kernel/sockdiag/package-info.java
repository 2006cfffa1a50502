/**
 * The wire format of sock_diag: requests, replies, and what they say of listeners and connections.
 */
@NullMarked
package io.listenbacklog.kernel.sockdiag;

import org.jspecify.annotations.NullMarked;
