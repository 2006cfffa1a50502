package io.listenbacklog.probe.spec;

import io.listenbacklog.api.NodePod;
import io.listenbacklog.policy.assess.Requirement;

/** A pod of this node and what is asked of its listeners. */
public record GovernedPod(NodePod pod, Requirement requirement) {

  /** The uid that its cgroups are named after: how its processes are recognised. */
  public String cgroupUid() {
    return pod.uidInCgroups();
  }
}
