package io.listenbacklog.controller.cluster;

/** Called when a change requires another reconciliation. Must not block. */
public interface ClusterListener {
  /** What the pods of a node need may have changed. */
  void node(String name);

  /** What a policy governs, or what its nodes report, may have changed. */
  void policy(PolicyKey key);

  /** The pods of a node may call for new Events. */
  void report(String node);
}
