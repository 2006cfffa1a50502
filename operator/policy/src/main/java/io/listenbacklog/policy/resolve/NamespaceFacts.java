package io.listenbacklog.policy.resolve;

import java.util.Map;

/** A namespace, as far as a namespaceSelector looks at it. */
public record NamespaceFacts(String name, Map<String, String> labels) {
  public NamespaceFacts {
    labels = Map.copyOf(labels);
  }
}
