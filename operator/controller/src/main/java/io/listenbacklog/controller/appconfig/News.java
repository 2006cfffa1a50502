package io.listenbacklog.controller.appconfig;

import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.appconfig.plan.Memory;
import java.time.Instant;

/** Hears what is worth an Event; the same thing told again is still one. */
interface News {
  /** A pass begins. */
  void begins();

  /** What would be written, and why it is not. */
  void proposed(Subject of, PolicyReference policy, String what, String why, Instant now);

  /** It was written. */
  void patched(Subject of, Memory memory);

  /** It was taken back. */
  void rolledBack(Subject of, Memory memory);

  /** It is left to those who set it back. */
  void contested(Subject of, Memory memory);

  /** A workload. */
  record Subject(WorkloadId id, String uid) {}
}
