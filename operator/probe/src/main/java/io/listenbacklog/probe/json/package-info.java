/** JSON as the API server and the files on the node hold it, and how large it is. */
@NullMarked
package io.listenbacklog.probe.json;

import org.jspecify.annotations.NullMarked;
