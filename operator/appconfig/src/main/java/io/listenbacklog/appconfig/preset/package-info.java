/** How common servers are told their backlog. */
@NullMarked
package io.listenbacklog.appconfig.preset;

import org.jspecify.annotations.NullMarked;
