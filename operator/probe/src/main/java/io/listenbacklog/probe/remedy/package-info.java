/** Raises backlogs and sysctls, keeps them raised, yields to a contest, and puts them back. */
@NullMarked
package io.listenbacklog.probe.remedy;

import org.jspecify.annotations.NullMarked;
