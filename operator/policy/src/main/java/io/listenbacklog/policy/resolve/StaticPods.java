package io.listenbacklog.policy.resolve;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Static pods: the kubelet knows each by another uid than the API, which has a mirror of it. */
public final class StaticPods {
  /** On the mirror of a static pod: the uid that the kubelet knows it by. */
  public static final String CONFIG_HASH = "kubernetes.io/config.hash";

  /** On mirrors alone. */
  public static final String CONFIG_MIRROR = "kubernetes.io/config.mirror";

  /**
   * An MD5 (kubernetes/pkg/kubelet/config/common.go). No pod that the API server made has such a
   * uid, so a hash that a user wrote on a pod cannot lead the probe to somebody else's pod.
   */
  private static final Pattern UID = Pattern.compile("[0-9a-f]{32}");

  /** The uid in the names of a pod's cgroups where it is another than in the API; else null. */
  public static @Nullable String cgroupUid(String uid, Map<String, String> annotations) {
    String hash = annotations.get(CONFIG_HASH);
    if (hash == null || !annotations.containsKey(CONFIG_MIRROR)) return null;
    return UID.matcher(hash).matches() && !hash.equals(uid) ? hash : null;
  }

  private StaticPods() {}
}
