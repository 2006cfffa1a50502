package io.listenbacklog.probe.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.PolicyReference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A spec as far as this probe understands it. A controller of a later version may ask one pod for
 * something that this probe does not know: what it asks of all others holds.
 *
 * @param understood what can be seen to
 * @param unread what can not
 */
public record SpecReading(NodeBacklogSpec understood, List<Unread> unread) {
  private static final int LONGEST_WHY = 200;

  public SpecReading {
    unread = List.copyOf(unread);
  }

  /**
   * A requirement that makes no sense to this probe.
   *
   * @param policy null: none, or not understood either
   * @param pods that it is for
   */
  public record Unread(@Nullable PolicyReference policy, List<NodePod> pods, String why) {
    public Unread {
      pods = List.copyOf(pods);
    }
  }

  /** One of which all is understood. */
  public static SpecReading of(NodeBacklogSpec spec) {
    return new SpecReading(spec, List.of());
  }

  /**
   * Reads what the API server has, one requirement by itself.
   *
   * @throws IOException where it cannot be told for which pods a requirement is that is not
   *     understood: whoever is not named is not governed, and what was raised for him is put back
   */
  public static SpecReading read(JsonNode spec, ObjectMapper json) throws IOException {
    var understood = new ArrayList<NodeRequirement>();
    var unread = new ArrayList<Unread>();
    var requirements = spec.path("requirements");
    if (!requirements.isArray() && !requirements.isMissingNode() && !requirements.isNull()) {
      throw new IOException("spec.requirements is no list");
    }
    for (JsonNode each : requirements) {
      try {
        understood.add(json.treeToValue(each, NodeRequirement.class));
      } catch (JsonProcessingException | RuntimeException e) {
        unread.add(new Unread(policy(each, json), pods(each, json), why(e)));
      }
    }
    return new SpecReading(new NodeBacklogSpec(understood), unread);
  }

  private static @Nullable PolicyReference policy(JsonNode requirement, ObjectMapper json) {
    try {
      return json.treeToValue(requirement.path("policy"), PolicyReference.class);
    } catch (JsonProcessingException | RuntimeException e) {
      return null; // who is meant is told by the pods
    }
  }

  private static List<NodePod> pods(JsonNode requirement, ObjectMapper json) throws IOException {
    var list = requirement.path("pods");
    if (!list.isArray()) throw new IOException("a requirement that is not understood has no pods");
    var pods = new ArrayList<NodePod>();
    for (JsonNode each : list) {
      var pod = json.treeToValue(each, NodePod.class);
      if (pod == null || pod.uid() == null) {
        throw new IOException("a pod of a requirement that is not understood has no uid");
      }
      pods.add(pod);
    }
    return pods;
  }

  private static String why(Exception e) {
    String text = e instanceof JsonProcessingException json ? json.getOriginalMessage() : null;
    if (text == null) text = String.valueOf(e.getMessage());
    return text.length() <= LONGEST_WHY ? text : text.substring(0, LONGEST_WHY) + "…";
  }
}
