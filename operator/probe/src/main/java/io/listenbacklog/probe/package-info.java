/** The node agent: sees to the listeners of the governed pods of one node. */
@NullMarked
package io.listenbacklog.probe;

import org.jspecify.annotations.NullMarked;
