package io.listenbacklog.appconfig.plan;

import io.listenbacklog.api.AppConfigPhase;
import java.util.List;

/** What is done about a workload now. */
public sealed interface Decision {
  /**
   * What status says of it.
   *
   * @param said the sentence
   */
  record Said(AppConfigPhase phase, Reason reason, String said) {}

  /** Nothing is written. */
  record Leave(Said said) implements Decision {}

  /** Nothing is written, and there is nothing to say. */
  record Ignore() implements Decision {}

  /**
   * The changes are written, and the memory with them.
   *
   * @param undo changes of before that go; empty: none
   * @param proposal what is written
   */
  record Apply(Said said, List<Change> undo, Proposal proposal, Memory memory)
      implements Decision {}

  /** The memory is written, the template stays. */
  record Remember(Said said, Memory memory) implements Decision {}

  /** What is still ours goes, and the memory says why. */
  record Undo(Said said, Memory memory) implements Decision {}

  /** The memory goes. */
  record Forget() implements Decision {}
}
