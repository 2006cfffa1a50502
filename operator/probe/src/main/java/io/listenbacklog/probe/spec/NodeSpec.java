package io.listenbacklog.probe.spec;

import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.policy.assess.Requirement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * A spec that was really there. A NodeBacklog that is missing is no spec at all, and never an empty
 * one: nothing is undone because of it.
 *
 * @param objectUid of the NodeBacklog; a recreated one starts its generations anew
 * @param generation of the NodeBacklog
 * @param pods by the uid of their cgroups
 * @param policies all that the spec names, in its order
 */
public record NodeSpec(
    String objectUid,
    long generation,
    Map<String, GovernedPod> pods,
    List<PolicyReference> policies) {

  public NodeSpec {
    pods = Collections.unmodifiableMap(new LinkedHashMap<>(pods));
    policies = List.copyOf(policies);
  }

  /** Resolves what the controller wrote. */
  public static NodeSpec of(String objectUid, long generation, NodeBacklogSpec spec) {
    var pods = new LinkedHashMap<String, GovernedPod>();
    var policies = new LinkedHashSet<PolicyReference>();
    for (NodeRequirement each : spec.requirements()) {
      var requirement = Requirement.of(each);
      if (each.policy() != null) policies.add(each.policy());
      for (NodePod pod : each.pods()) {
        pods.put(pod.uidInCgroups(), new GovernedPod(pod, requirement));
      }
    }
    return new NodeSpec(objectUid, generation, pods, new ArrayList<>(policies));
  }

  /** Which spec it is. */
  public Version version() {
    return new Version(objectUid, generation);
  }

  /**
   * Names a spec.
   *
   * @param objectUid of the NodeBacklog
   * @param generation of that object
   */
  public record Version(String objectUid, long generation) {

    /** Whether it is an earlier one of the same object. */
    public boolean isEarlier(Version other) {
      return objectUid.equals(other.objectUid) && generation < other.generation;
    }
  }

  /** Whether it is the same generation of the same object. */
  public boolean isSame(NodeSpec other) {
    return generation == other.generation && objectUid.equals(other.objectUid);
  }
}
