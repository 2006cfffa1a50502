/** Changes of applications' own configuration, on the test cluster. */
@NullMarked
package io.listenbacklog.e2e.appconfig;

import org.jspecify.annotations.NullMarked;
