/** The one object of the API that the probe watches, and whose status it writes. */
@NullMarked
package io.listenbacklog.probe.apiserver;

import org.jspecify.annotations.NullMarked;
