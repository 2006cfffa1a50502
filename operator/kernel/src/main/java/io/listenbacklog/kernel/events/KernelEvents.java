package io.listenbacklog.kernel.events;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * The stream of events of a tracefs instance of our own; closing it removes the instance and ends a
 * blocked read.
 */
public interface KernelEvents extends Closeable {

  /**
   * Blocks until there is at least one event.
   *
   * @return what there is; an empty list once the stream is closed
   */
  List<KernelEvent> read() throws IOException;
}
