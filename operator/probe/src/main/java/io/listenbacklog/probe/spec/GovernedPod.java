package io.listenbacklog.probe.spec;

import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.UnixListeners;
import io.listenbacklog.policy.assess.Place;
import io.listenbacklog.policy.assess.Requirement;

/**
 * A pod of this node and what is asked of its listeners.
 *
 * @param appConfig whether it is told what its applications ask for by themselves
 */
public record GovernedPod(NodePod pod, Requirement requirement, boolean appConfig) {

  /** The uid that its cgroups are named after: how its processes are recognised. */
  public String cgroupUid() {
    return pod.uidInCgroups();
  }

  /**
   * Whether nothing is to be said of a listener: of a UNIX one whose policy wants that. It may be
   * seen for another pod's sake.
   */
  public boolean ignores(Place place) {
    return requirement.unix() == UnixListeners.IGNORE && place instanceof Place.Path;
  }
}
