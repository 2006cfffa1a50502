package io.listenbacklog.appconfig.format;

import java.util.List;

/** How one format is read. */
interface Syntax {

  /** Where the value at that path is, or belongs. */
  Place find(String content, String path) throws Unreadable;

  /** All that carries meaning, in order: what an edit must leave as it is. */
  List<String> meaning(String content, String path) throws Unreadable;
}
