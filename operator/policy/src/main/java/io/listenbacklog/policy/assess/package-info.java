/** What an observation means for a requirement. */
@NullMarked
package io.listenbacklog.policy.assess;

import org.jspecify.annotations.NullMarked;
