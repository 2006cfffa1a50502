/** What tests that need a real Linux share. */
@NullMarked
package io.listenbacklog.kernel.testing;

import org.jspecify.annotations.NullMarked;
