/** What people ask the plugin of kubectl. */
@NullMarked
package io.listenbacklog.e2e.cli;

import org.jspecify.annotations.NullMarked;
