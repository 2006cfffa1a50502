package io.listenbacklog.controller.cluster;

/** Where nobody waits for changes. */
public final class Unheard implements ClusterListener {
  @Override
  public void node(String name) {}

  @Override
  public void policy(PolicyKey key) {}

  @Override
  public void report(String node) {}
}
