package io.listenbacklog.host;

import java.io.IOException;

/** What the next try would fail by as well: somebody has to change something first. */
class FinalException extends IOException {
  private static final long serialVersionUID = 1;

  FinalException(String message) {
    super(message);
  }

  FinalException(String message, IOException cause) {
    super(message, cause);
  }
}
