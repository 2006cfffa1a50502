package io.listenbacklog.policy.resolve;

import io.listenbacklog.api.PortRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Rules for ports with their names turned into the numbers they have in a pod. A rule by number
 * comes before one by name; of two names for one number, the first listed holds. A name that two
 * containers use means both numbers.
 *
 * @param rules by the number of their port
 * @param unknownNames those that no container of the pod has, as listed
 */
record ResolvedPorts(SortedMap<Integer, PortRule> rules, List<String> unknownNames) {

  static ResolvedPorts of(List<PortRule> rules, List<PodFacts.NamedPort> podPorts) {
    var byNumber = new TreeMap<Integer, PortRule>();
    var unknown = new ArrayList<String>();
    for (PortRule rule : rules) {
      Integer number = rule.port().getIntVal();
      if (number != null) byNumber.put(number, rule);
    }
    for (PortRule rule : rules) {
      String name = rule.port().getStrVal();
      if (name == null) continue;
      boolean found = false;
      for (PodFacts.NamedPort port : podPorts) {
        if (!port.name().equals(name)) continue;
        found = true;
        byNumber.putIfAbsent(port.number(), rule);
      }
      if (!found) unknown.add(name);
    }
    return new ResolvedPorts(Collections.unmodifiableSortedMap(byNumber), List.copyOf(unknown));
  }
}
