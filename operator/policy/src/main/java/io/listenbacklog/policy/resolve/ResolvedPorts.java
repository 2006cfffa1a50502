package io.listenbacklog.policy.resolve;

import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.PortRule;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Rules for ports with their names turned into the numbers they have in a pod. A rule by number
 * comes before one by name; of two names for one number, the first listed holds. A name that two
 * containers use means both numbers.
 *
 * @param ports ascending, each once
 * @param unknownNames those that no container of the pod has, as listed
 */
record ResolvedPorts(List<NodePort> ports, List<String> unknownNames) {

  static ResolvedPorts of(List<PortRule> rules, List<PodFacts.NamedPort> podPorts) {
    var byNumber = new TreeMap<Integer, NodePort>();
    var unknown = new ArrayList<String>();
    for (PortRule rule : rules) {
      Integer number = rule.port().getIntVal();
      if (number != null) byNumber.put(number, nodePort(number, rule));
    }
    for (PortRule rule : rules) {
      String name = rule.port().getStrVal();
      if (name == null) continue;
      boolean found = false;
      for (PodFacts.NamedPort port : podPorts) {
        if (!port.name().equals(name)) continue;
        found = true;
        byNumber.putIfAbsent(port.number(), nodePort(port.number(), rule));
      }
      if (!found) unknown.add(name);
    }
    return new ResolvedPorts(List.copyOf(byNumber.values()), List.copyOf(unknown));
  }

  private static NodePort nodePort(int number, PortRule rule) {
    return rule.isExempt()
        ? new NodePort(number, null, null, true)
        : new NodePort(number, rule.minimum(), rule.maximum(), false);
  }
}
