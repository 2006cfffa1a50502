/** Configuration files: one value is found and replaced, all else stays byte for byte. */
@NullMarked
package io.listenbacklog.appconfig.format;

import org.jspecify.annotations.NullMarked;
