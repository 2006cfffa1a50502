/** Says in the status of each policy what was found of the pods that it governs. */
@NullMarked
package io.listenbacklog.controller.policy;

import org.jspecify.annotations.NullMarked;
