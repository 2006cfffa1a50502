package io.listenbacklog.policy.resolve;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pod of which only that is so what a test says of it: else it is on no host network, has no
 * named ports, runs, and is not ready.
 *
 * @param nodeName null while it is not scheduled
 */
public record SomePod(
    String uid,
    String namespace,
    String name,
    @Nullable String nodeName,
    Map<String, String> labels,
    Map<String, String> annotations,
    boolean finished) {

  public SomePod(String uid, String namespace, String name, @Nullable String nodeName) {
    this(uid, namespace, name, nodeName, Map.of(), Map.of(), false);
  }

  /** The same, with these labels. */
  public SomePod labelled(Map<String, String> others) {
    return new SomePod(uid, namespace, name, nodeName, others, annotations, finished);
  }

  /** The same, with these annotations under the operator's prefix. */
  public SomePod annotated(Map<String, String> others) {
    return new SomePod(uid, namespace, name, nodeName, labels, others, finished);
  }

  /** The same, with nothing of it running any more. */
  public SomePod asFinished() {
    return new SomePod(uid, namespace, name, nodeName, labels, annotations, true);
  }

  /** As resolution looks at it. */
  public PodFacts facts() {
    return new PodFacts(
        uid,
        namespace,
        name,
        nodeName,
        labels,
        annotations,
        false,
        List.of(),
        null,
        finished,
        false,
        false,
        PodFacts.NO_MIRROR,
        KubeletProbes.NONE);
  }
}
