package io.listenbacklog.catalogue;

import java.util.List;
import java.util.Optional;

/** The candidates for a program; its listeners decide between them. */
public final class Recognition {
  /** The row of listeners that another program opened. */
  static final String HANDED_OVER = "handed-over";

  private final Program program;
  private final List<Application> candidates;

  Recognition(Program program, List<Application> candidates) {
    this.program = program;
    this.candidates = List.copyOf(candidates);
  }

  /**
   * Which application a listener of the program is of.
   *
   * @return its key, or empty: not recognised
   */
  public Optional<String> of(Listened listened) {
    var found = candidates.stream().filter(each -> each.opened(listened, program)).findFirst();
    // Python's asyncio, gunicorn and Node call listen() on what they are handed; others do not.
    if (listened.handedOver() && found.filter(each -> each.surelyAsked(listened)).isEmpty()) {
      return Optional.of(HANDED_OVER);
    }
    return found.map(Application::key);
  }
}
