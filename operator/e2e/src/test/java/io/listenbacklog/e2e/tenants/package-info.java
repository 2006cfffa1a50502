/** What one tenant does at its worst, and what others notice of it. */
@NullMarked
package io.listenbacklog.e2e.tenants;

import org.jspecify.annotations.NullMarked;
