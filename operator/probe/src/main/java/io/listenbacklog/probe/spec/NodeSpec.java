package io.listenbacklog.probe.spec;

import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.policy.assess.Requirement;
import io.listenbacklog.probe.telemetry.LogNames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A spec that was really there. A NodeBacklog that is missing is no spec at all, and never an empty
 * one: nothing is undone because of it.
 *
 * @param objectUid of the NodeBacklog; a recreated one starts its generations anew
 * @param generation of the NodeBacklog
 * @param pods by the uid of their cgroups
 * @param policies all that the spec names, in its order
 * @param unread pods for which something is asked that this probe does not understand, by the uid
 *     of their cgroups: what is raised for them stays, and nothing more is done
 */
public record NodeSpec(
    String objectUid,
    long generation,
    Map<String, GovernedPod> pods,
    List<PolicyReference> policies,
    Map<String, UnreadPod> unread) {

  /**
   * A pod for which something is asked that is not understood.
   *
   * @param policy that asks; null: the pod's annotations, or not known
   * @param why it is not understood
   */
  public record UnreadPod(NodePod pod, @Nullable PolicyReference policy, String why) {}

  public NodeSpec {
    unread = Collections.unmodifiableMap(new LinkedHashMap<>(unread));
    pods = Collections.unmodifiableMap(new LinkedHashMap<>(pods));
    policies = List.copyOf(policies);
  }

  /** Resolves what the controller wrote, all of which is understood. */
  public static NodeSpec of(String objectUid, long generation, NodeBacklogSpec spec) {
    return of(objectUid, generation, SpecReading.of(spec));
  }

  /** Resolves what the controller wrote. */
  public static NodeSpec of(String objectUid, long generation, SpecReading reading) {
    var pods = new LinkedHashMap<String, GovernedPod>();
    var policies = new LinkedHashSet<PolicyReference>();
    var unread = new LinkedHashMap<String, UnreadPod>();
    for (NodeRequirement each : reading.understood().requirements()) {
      var requirement = Requirement.of(each);
      boolean appConfig = each.appConfig() != null && each.appConfig();
      if (each.policy() != null) policies.add(each.policy());
      for (NodePod pod : each.pods()) {
        pods.put(pod.uidInCgroups(), new GovernedPod(pod, requirement, appConfig));
      }
    }
    for (var each : reading.unread()) {
      if (each.policy() != null) policies.add(each.policy());
      for (NodePod pod : each.pods()) {
        if (pods.containsKey(pod.uidInCgroups())) continue;
        unread.put(pod.uidInCgroups(), new UnreadPod(pod, each.policy(), each.why()));
      }
    }
    return new NodeSpec(objectUid, generation, pods, new ArrayList<>(policies), unread);
  }

  /**
   * A pod as log lines name it: {@code namespace/name}.
   *
   * @param spec null: not known yet
   * @param cgroupUid of the pod; null: not known whose
   * @return the uid of its cgroups where nothing governs it; empty where that is not known
   */
  public static String name(@Nullable NodeSpec spec, @Nullable String cgroupUid) {
    if (cgroupUid == null) return "";
    var pod = spec == null ? null : spec.pods().get(cgroupUid);
    return pod == null ? cgroupUid : LogNames.of(pod.pod().reference());
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
