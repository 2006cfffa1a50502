package io.listenbacklog.policy.event.kind;

/** Where listeners are: what there is to act with, and what people call it. */
public enum Site {
  /** With pods, and policies that govern them. */
  CLUSTER("the pod", "the pod's network namespace"),

  /** A plain host, with neither: what listens there is a service. */
  HOST("the service", "its network namespace");

  private final String owner;
  private final String network;

  Site(String owner, String network) {
    this.owner = owner;
    this.network = network;
  }

  /** Whose processes hold a listener. */
  String owner() {
    return owner;
  }

  /** The network namespace in which a listener is. */
  String network() {
    return network;
  }
}
