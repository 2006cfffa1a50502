/** What the probe knows of namespaces, listeners and sysctls: no decisions, no log lines. */
@NullMarked
package io.listenbacklog.probe.state;

import org.jspecify.annotations.NullMarked;
