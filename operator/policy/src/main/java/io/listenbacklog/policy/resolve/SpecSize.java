package io.listenbacklog.policy.resolve;

import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodePath;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.PolicyReference;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes a part of a NodeBacklog's spec takes as JSON in etcd, at most and nearly: counted
 * without serializing, because it is needed at each change of a pod.
 */
public final class SpecSize {
  /** All fields of a requirement with their longest values, but for lists and the policy. */
  private static final int REQUIREMENT = 360;

  private static final int POLICY = 110;
  private static final int POD = 90;

  /** {@code {"port":65535,"last":65535,"minimum":65535,"maximum":65535,"exempt":false},}. */
  private static final int PORT = 80;

  private static final int PATH = 60;

  /** Go's encoder writes {@code <}, {@code >}, {@code &} and control characters so. */
  private static final int ESCAPED = 6;

  private SpecSize() {}

  /** Of a whole spec. */
  public static int of(NodeBacklogSpec spec) {
    int bytes = 0;
    for (NodeRequirement each : spec.requirements()) {
      bytes += of(each);
      for (NodePod pod : each.pods()) bytes += of(pod);
    }
    return bytes;
  }

  /** Of a requirement without its pods. */
  static int of(NodeRequirement requirement) {
    int bytes = REQUIREMENT + of(requirement.policy()) + PORT * requirement.ports().size();
    if (requirement.paths() == null) return bytes;
    for (NodePath each : requirement.paths()) bytes += PATH + bytes(each.path());
    return bytes;
  }

  /** Of a pod. */
  static int of(NodePod pod) {
    int cgroupUid = pod.cgroupUid() == null ? 0 : 20 + bytes(pod.cgroupUid());
    return POD + bytes(pod.uid()) + bytes(pod.namespace()) + bytes(pod.name()) + cgroupUid;
  }

  private static int of(@Nullable PolicyReference policy) {
    if (policy == null) return 0;
    int namespace = policy.namespace() == null ? 0 : bytes(policy.namespace());
    return POLICY + namespace + bytes(policy.name()) + bytes(policy.uid());
  }

  private static int bytes(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) bytes += bytes(text.charAt(i));
    return bytes;
  }

  /** In UTF-8; of a pair of surrogates both count 3, which is more than the 4 that they take. */
  private static int bytes(char each) {
    if (each < ' ' || each == '<' || each == '>' || each == '&') return ESCAPED;
    if (each == '"' || each == '\\') return 2;
    if (each < 0x80) return 1;
    if (each < 0x800) return 2;
    return each == '\u2028' || each == '\u2029' ? ESCAPED : 3;
  }
}
