package io.listenbacklog.policy.resolve.limit;

/** A request beyond what the installation's {@link Limits} allow, or beyond the room there is. */
public sealed interface Clamp {

  /** Who asks for too much. */
  enum Source {
    POLICY,
    ANNOTATIONS,
    /** All pods of the node together. */
    NODE
  }

  /** Whose request is clamped. */
  Source by();

  /**
   * A number above {@code limits.maxBacklog}.
   *
   * @param field such as {@code minimum}, {@code port 8080 maximum} or {@code sysctls.somaxconn}
   * @param holds what it is cut to
   */
  record Excess(Source by, String field, int asked, int holds) implements Clamp {}

  /** Mode Enforce in an annotation, where annotations may not lead to it: Observe holds. */
  record Enforcement() implements Clamp {
    @Override
    public Source by() {
      return Source.ANNOTATIONS;
    }
  }

  /** Annotations where none counts. */
  record AllAnnotations() implements Clamp {
    @Override
    public Source by() {
      return Source.ANNOTATIONS;
    }
  }

  /** A pod for which there is no room in the NodeBacklog of its node: nothing holds for it. */
  record NodeIsFull() implements Clamp {
    @Override
    public Source by() {
      return Source.NODE;
    }
  }
}
