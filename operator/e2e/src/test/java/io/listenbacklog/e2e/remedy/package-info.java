/** What is raised, and what is never touched. */
@NullMarked
package io.listenbacklog.e2e.remedy;

import org.jspecify.annotations.NullMarked;
