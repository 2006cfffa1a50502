package io.listenbacklog.host;

import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.policy.event.kind.ListenerNames;
import io.listenbacklog.probe.spec.NodeSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which policy governs what: of those that select a service the first.
 *
 * @param policies in the order of their file
 * @param enforce whether anything may be done at all
 */
record Governance(List<HostPolicy> policies, boolean enforce) {

  Governance {
    policies = List.copyOf(policies);
  }

  Optional<HostPolicy> of(HostService service) {
    return policies.stream().filter(each -> each.selection().selects(service)).findFirst();
  }

  /**
   * What is asked of services, as the engine is told it.
   *
   * @param services by their uids
   */
  List<NodeRequirement> requirements(Map<String, HostService> services) {
    var governed = new LinkedHashMap<HostPolicy, List<NodePod>>();
    services.forEach(
        (uid, service) ->
            of(service)
                .ifPresent(
                    policy ->
                        governed
                            .computeIfAbsent(policy, _ -> new ArrayList<>())
                            .add(pod(uid, service))));
    var requirements = new ArrayList<NodeRequirement>();
    for (var policy : policies) {
      var pods = governed.get(policy);
      if (pods != null) requirements.add(policy.requirement(enforce, pods));
    }
    return requirements;
  }

  /** A service has a share of what is told for itself, so it is a namespace of its own. */
  private static NodePod pod(String uid, HostService service) {
    return new NodePod(uid, service.label(), service.label(), service.hostNetwork(), null);
  }

  /**
   * The same for a node's engine.
   *
   * @param run names this run of the program
   * @param generation grows
   */
  static NodeSpec spec(String run, long generation, List<NodeRequirement> requirements) {
    return NodeSpec.of(run, generation, new NodeBacklogSpec(requirements));
  }

  /** Whether a listener is on a port that its policy is for; one that no policy governs is. */
  boolean concerns(NodeListener listener) {
    var its = listener.policy();
    if (its == null) return true;
    int port = ListenerNames.port(listener.address());
    return policies.stream()
        .filter(each -> Objects.equals(each.name(), its.name()))
        .allMatch(each -> each.selection().concernsPort(port));
  }
}
