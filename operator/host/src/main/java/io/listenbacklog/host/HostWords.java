package io.listenbacklog.host;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the operator's Events say of pods, as it is true on a host. */
final class HostWords {
  private static final Map<String, String> INSTEAD = instead();

  private HostWords() {}

  private static Map<String, String> instead() {
    var instead = new LinkedHashMap<String, String>();
    instead.put("the pod's annotations ask ", "no policy asks ");
    instead.put("the pod's annotations", "no policy");
    instead.put("The pod's annotations ask ", "No policy asks ");
    instead.put("SYN cookies are off in the pod:", "SYN cookies are off there:");
    instead.put("raise that, add replicas, or have", "raise that, or have");
    instead.put("of the pod's network namespace", "of its network namespace");
    instead.put("No other process of the pod holds", "No other process of the service holds");
    instead.put("processes of the pod that hold", "processes of the service that hold");
    instead.put("no process of the pod in its", "no process of the service in its");
    instead.put(
        "in the network namespace that the pod shares with another pod",
        "in the network namespace that it shares with other programs");
    instead.put(
        "if it is starting, have a readiness probe by HTTP, so that no client comes before it"
            + " serves, or have it load",
        "if it is starting, have it load");
    instead.put(" of pods can be raised", " of services can be raised");
    instead.put(" of pods cannot be raised", " of services cannot be raised");
    instead.put("Governed pods whose", "Governed services whose");
    return instead;
  }

  static String of(String said) {
    String words = said;
    for (var each : INSTEAD.entrySet()) words = words.replace(each.getKey(), each.getValue());
    return words;
  }
}
