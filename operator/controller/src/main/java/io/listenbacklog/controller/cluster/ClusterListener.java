package io.listenbacklog.controller.cluster;

/** Hears what is to be looked at again because something changed. Must return at once. */
public interface ClusterListener {
  /** What the pods of a node need may be another. */
  void node(String name);

  /** What a policy governs, or what was found of it, may be another. */
  void policy(PolicyKey key);

  /** There may be something new to say about the pods of a node. */
  void report(String node);
}
