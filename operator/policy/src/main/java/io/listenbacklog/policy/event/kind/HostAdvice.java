package io.listenbacklog.policy.event.kind;

import io.listenbacklog.api.NodeListener;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is said of a listener on a plain host. The catalogue speaks to users of a cluster: where an
 * application has no setting, it names what a policy can do. A test holds that nothing of that is
 * left here, whatever the catalogue learns.
 */
final class HostAdvice {
  private static final Map<String, String> INSTEAD = instead();

  private HostAdvice() {}

  private static Map<String, String> instead() {
    var instead = new LinkedHashMap<String, String>();
    instead.put("raise that of the pod (sysctls.somaxconn in a policy)", "raise that with sysctl");
    instead.put("raise somaxconn (sysctls.somaxconn in a policy)", "raise somaxconn with sysctl");
    instead.put("asks for the pod's net.core", "asks for the net.core");
    instead.put("exempt its port, or have a policy in mode Enforce raise it", "exempt its port");
    instead.put(", or have a policy in mode Enforce raise it", "");
    instead.put("a policy in mode Enforce raises it", "it has no setting");
    instead.put("a policy in mode Enforce raises them", "they have no setting");
    return instead;
  }

  /** A sentence of the catalogue, as it is true without policies. */
  static String of(String advice) {
    String said = advice;
    for (var each : INSTEAD.entrySet()) said = said.replace(each.getKey(), each.getValue());
    return said;
  }

  /** Why a listener has no more than somaxconn, and what to do about it. */
  static String capped(NodeListener listener) {
    return ("net.core.somaxconn of its network namespace is %d and caps it, whatever the application"
            + " asks for: raise it there with sysctl (a container's by its runtime's option), then"
            + " restart the application, for no listener that is there changes by it.")
        .formatted(listener.somaxconn());
  }
}
