package io.listenbacklog.policy.resolve;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Of which operating system a node is, or a pod says that it is. There are probes on Linux alone:
 * for pods of another nothing holds.
 */
public final class OperatingSystem {
  /** The label of each node that its kubelet sets, and by which pods choose nodes. */
  public static final String LABEL = "kubernetes.io/os";

  private static final String LINUX = "linux";

  /**
   * Whether the labels of a node, or those that a pod demands of one, are of another than Linux.
   */
  public static boolean isOther(Map<String, String> labels) {
    return isOther(labels.get(LABEL));
  }

  /**
   * Whether it is another than Linux.
   *
   * @param name null or empty: none is named, which is taken for Linux
   */
  public static boolean isOther(@Nullable String name) {
    return name != null && !name.isEmpty() && !name.equals(LINUX);
  }

  private OperatingSystem() {}
}
