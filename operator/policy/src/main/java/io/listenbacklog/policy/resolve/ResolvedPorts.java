package io.listenbacklog.policy.resolve;

import io.listenbacklog.api.PortRule;
import io.listenbacklog.policy.resolve.port.PortRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Rules for ports with their names turned into the numbers they have in a pod. A rule by number
 * comes before one by name; of two names for one number, the first listed holds. A name that two
 * containers use means both numbers. Rules for paths are left out.
 *
 * @param rules by their port or range of ports
 * @param unknownNames those that no container of the pod has, as listed
 */
record ResolvedPorts(SortedMap<PortRange, PortRule> rules, List<String> unknownNames) {

  static ResolvedPorts of(List<PortRule> rules, List<PodFacts.NamedPort> podPorts) {
    var byNumber = new TreeMap<PortRange, PortRule>();
    var unknown = new ArrayList<String>();
    for (PortRule rule : rules) {
      var range = rule.port() == null ? null : PortRange.of(rule.port());
      if (range != null) byNumber.put(range, rule);
    }
    for (PortRule rule : rules) {
      if (rule.port() == null || PortRange.of(rule.port()) != null) continue;
      String name = rule.port().getStrVal();
      boolean found = false;
      for (PodFacts.NamedPort port : podPorts) {
        if (!port.name().equals(name)) continue;
        found = true;
        byNumber.putIfAbsent(PortRange.of(port.number()), rule);
      }
      if (!found) unknown.add(name);
    }
    return new ResolvedPorts(Collections.unmodifiableSortedMap(byNumber), List.copyOf(unknown));
  }
}
