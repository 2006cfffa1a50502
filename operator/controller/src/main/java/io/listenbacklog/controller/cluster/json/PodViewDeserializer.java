package io.listenbacklog.controller.cluster.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.policy.resolve.KubeletProbes;
import io.listenbacklog.policy.resolve.KubeletProbes.Kind;
import io.listenbacklog.policy.resolve.OperatingSystem;
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
  /** The annotations that are known. */
  private static final Set<String> KNOWN =
      Set.of(
          AnnotationKeys.MODE,
          AnnotationKeys.MINIMUM,
          AnnotationKeys.MAXIMUM,
          AnnotationKeys.PORTS);

  /**
   * How many others under our prefix are kept, to be reported as misspelt, and how much of each.
   */
  static final int MOST_UNKNOWN_KEYS = 16;

  static final int MOST_UNKNOWN_CHARACTERS = 64;

  /** The API server bounds a label, and not how many there are. */
  static final int MOST_LABELS = 512;

  static final int MOST_PORTS = 512;

  private static final int MOST_OWNERS = 4;

  private static final Interner<String> STRINGS = new Interner<>();
  private static final Interner<Map<String, String>> MAPS = new Interner<>();
  private static final Interner<List<NamedPort>> PORTS = new Interner<>();
  private static final Interner<KubeletProbes> PROBES = new Interner<>();

  @Override
  public PodView deserialize(JsonParser parser, DeserializationContext context) throws IOException {
    var pod = new Draft();
    JsonFields.each(
        parser,
        (name, value) -> {
          switch (name) {
            case "metadata" -> JsonFields.each(value, pod::metadata);
            case "spec" -> JsonFields.each(value, pod::spec);
            case "status" -> JsonFields.each(value, pod::status);
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
    private boolean otherSystem;
    private final List<NamedPort> ports = new ArrayList<>();
    private final List<KubeletProbes.Probe> probes = new ArrayList<>();
    private final Map<String, Integer> restarts = new HashMap<>();
    private final List<StaticPods.Owner> owners = new ArrayList<>();
    private String created = "";
    private boolean goes;
    private int strangers;
    private boolean finished;
    private boolean ready;

    void metadata(String field, JsonParser value) throws IOException {
      switch (field) {
        case "namespace" -> namespace = STRINGS.intern(JsonFields.text(value));
        case "name" -> name = JsonFields.text(value);
        case "uid" -> uid = JsonFields.text(value);
        case "resourceVersion" -> resourceVersion = JsonFields.text(value);
        case "creationTimestamp" -> created = JsonFields.text(value);
        case "deletionTimestamp" -> goes = !JsonFields.text(value).isEmpty();
        case "ownerReferences" -> JsonFields.elements(value, this::owner);
        case "labels" -> labels = labels(value);
        case "annotations" -> annotations = annotations(value);
        default -> value.skipChildren();
      }
    }

    private static Map<String, String> labels(JsonParser value) throws IOException {
      var found = new HashMap<String, String>();
      JsonFields.each(
          value,
          (name, text) -> {
            if (text.currentToken() == JsonToken.VALUE_STRING && found.size() < MOST_LABELS) {
              found.put(STRINGS.intern(name), STRINGS.intern(text.getText()));
            } else {
              text.skipChildren();
            }
          });
      return found;
    }

    /** The known ones, and a few unknown ones under our prefix: they may be misspelt. */
    private Map<String, String> annotations(JsonParser value) throws IOException {
      var found = new HashMap<String, String>();
      JsonFields.each(
          value,
          (name, text) -> {
            boolean known = KNOWN.contains(name) || StaticPods.ANNOTATIONS.contains(name);
            boolean strange = !known && name.startsWith(AnnotationKeys.PREFIX);
            if (text.currentToken() != JsonToken.VALUE_STRING
                || !(known || (strange && strangers < MOST_UNKNOWN_KEYS))) {
              text.skipChildren();
              return;
            }
            if (strange) strangers++;
            int most = known ? AnnotationKeys.MOST_CHARACTERS + 1 : MOST_UNKNOWN_CHARACTERS;
            found.put(STRINGS.intern(name), STRINGS.intern(beginning(text.getText(), most)));
          });
      return found;
    }

    private static String beginning(String text, int most) {
      return text.length() <= most ? text : text.substring(0, most);
    }

    private void owner(JsonParser owner) throws IOException {
      var found = new OwnerDraft();
      JsonFields.each(
          owner,
          (field, value) -> {
            switch (field) {
              case "apiVersion" -> found.apiVersion = JsonFields.text(value);
              case "kind" -> found.kind = JsonFields.text(value);
              case "name" -> found.name = JsonFields.text(value);
              case "controller" -> {
                found.controller = value.currentToken() == JsonToken.VALUE_TRUE;
                value.skipChildren();
              }
              default -> value.skipChildren();
            }
          });
      // Other annotations are not needed, and there may be many.
      if (found.kind.equals("Node") && owners.size() < MOST_OWNERS) owners.add(found.owner());
    }

    void spec(String field, JsonParser value) throws IOException {
      switch (field) {
        case "nodeName" -> {
          String name = JsonFields.text(value);
          nodeName = name.isEmpty() ? null : STRINGS.intern(name);
        }
        case "hostNetwork" -> {
          hostNetwork = value.currentToken() == JsonToken.VALUE_TRUE;
          value.skipChildren();
        }
        case "os" ->
            JsonFields.each(
                value,
                (name, text) -> {
                  if (name.equals("name")) {
                    otherSystem |= OperatingSystem.isOther(JsonFields.text(text));
                  } else {
                    text.skipChildren();
                  }
                });
        case "nodeSelector" ->
            otherSystem |=
                OperatingSystem.isOther(
                    JsonFields.strings(value, OperatingSystem.LABEL::equals, STRINGS));
        case "containers", "initContainers" -> JsonFields.elements(value, this::container);
        default -> value.skipChildren();
      }
    }

    private void container(JsonParser container) throws IOException {
      var found = new ContainerDraft();
      JsonFields.each(
          container,
          (field, value) -> {
            switch (field) {
              case "name" -> found.name = STRINGS.intern(JsonFields.text(value));
              case "ports" -> JsonFields.elements(value, port -> port(port, found));
              case "livenessProbe" -> found.probe(Kind.LIVENESS, value);
              case "readinessProbe" -> found.probe(Kind.READINESS, value);
              case "startupProbe" -> found.probe(Kind.STARTUP, value);
              default -> value.skipChildren();
            }
          });
      for (KubeletProbes.Probe each : found.probes()) {
        if (probes.size() < KubeletProbes.MOST) probes.add(each);
      }
    }

    private void port(JsonParser port, ContainerDraft of) throws IOException {
      var found = new PortDraft();
      JsonFields.each(
          port,
          (field, value) -> {
            switch (field) {
              case "name" -> found.name = STRINGS.intern(JsonFields.text(value));
              case "containerPort" -> found.number = JsonFields.number(value);
              case "protocol" -> found.protocol = STRINGS.intern(JsonFields.text(value));
              default -> value.skipChildren();
            }
          });
      if (!found.name.isEmpty() && of.ports.size() < MOST_PORTS) {
        of.ports.putIfAbsent(found.name, KubeletProbes.sound(found.number));
      }
      if (ports.size() < MOST_PORTS) found.named().ifPresent(ports::add);
    }

    void status(String field, JsonParser value) throws IOException {
      switch (field) {
        case "phase" -> finished = PodFacts.FINISHED.contains(JsonFields.text(value));
        case "conditions" -> JsonFields.elements(value, this::condition);
        case "containerStatuses", "initContainerStatuses" ->
            JsonFields.elements(value, this::restarts);
        default -> value.skipChildren();
      }
    }

    /** Of containers that were restarted; of the others there is nothing to tell. */
    private void restarts(JsonParser status) throws IOException {
      var found = new RestartsDraft();
      JsonFields.each(
          status,
          (field, value) -> {
            switch (field) {
              case "name" -> found.container = STRINGS.intern(JsonFields.text(value));
              case "restartCount" -> found.count = JsonFields.number(value);
              default -> value.skipChildren();
            }
          });
      if (found.count > 0 && restarts.size() < KubeletProbes.MOST) {
        restarts.merge(found.container, found.count, Math::max);
      }
    }

    private void condition(JsonParser condition) throws IOException {
      var found = JsonFields.strings(condition, Set.of("type", "status")::contains, STRINGS);
      if ("Ready".equals(found.get("type"))) ready = "True".equals(found.get("status"));
    }

    SlimPod finished() {
      var own = new HashMap<>(annotations);
      own.keySet().removeAll(StaticPods.ANNOTATIONS);
      String cgroupUid = StaticPods.cgroupUid(uid, name, nodeName, annotations, owners);
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
              cgroupUid,
              finished,
              otherSystem,
              ready,
              cgroupUid == null ? PodFacts.NO_MIRROR : new StaticPods.Claim(created, goes),
              PROBES.intern(KubeletProbes.of(probes, restarts)));
      return new SlimPod(facts, resourceVersion, ready);
    }
  }

  /** An owner half read. */
  private static final class OwnerDraft {
    private String apiVersion = "";
    private String kind = "";
    private String name = "";
    private boolean controller;

    StaticPods.Owner owner() {
      return new StaticPods.Owner(apiVersion, kind, name, controller);
    }
  }

  /** A container half read. A probe may name a port that comes behind it. */
  private static final class ContainerDraft {
    private String name = "";
    private final Map<String, Integer> ports = new HashMap<>();
    private final List<ProbeDraft> drafts = new ArrayList<>();

    void probe(Kind kind, JsonParser probe) throws IOException {
      var found = new ProbeDraft(kind);
      JsonFields.each(
          probe,
          (field, value) -> {
            switch (field) {
              case "tcpSocket", "httpGet", "grpc" -> found.over(field, value);
              default -> value.skipChildren();
            }
          });
      if (drafts.size() < Kind.values().length) drafts.add(found);
    }

    List<KubeletProbes.Probe> probes() {
      return drafts.stream().flatMap(each -> each.finished(name, ports).stream()).toList();
    }
  }

  /** A probe half read. */
  private static final class ProbeDraft {
    private final Kind kind;
    private String handler = "";
    private String port = "";
    private boolean elsewhere;

    ProbeDraft(Kind kind) {
      this.kind = kind;
    }

    void over(String name, JsonParser value) throws IOException {
      if (value.currentToken() != JsonToken.START_OBJECT) {
        value.skipChildren();
        return;
      }
      handler = name;
      JsonFields.each(
          value,
          (field, it) -> {
            switch (field) {
              case "port" ->
                  port =
                      it.currentToken() == JsonToken.VALUE_STRING
                          ? beginning(it.getText())
                          : Integer.toString(JsonFields.number(it));
              case "host" -> elsewhere = !JsonFields.text(it).isEmpty();
              default -> it.skipChildren();
            }
          });
    }

    private static String beginning(String text) {
      return text.length() <= MOST_UNKNOWN_CHARACTERS
          ? text
          : text.substring(0, MOST_UNKNOWN_CHARACTERS);
    }

    Optional<KubeletProbes.Probe> finished(String container, Map<String, Integer> ports) {
      int number = KubeletProbes.port(port, ports);
      return elsewhere || handler.isEmpty() || number == 0
          ? Optional.empty()
          : Optional.of(
              new KubeletProbes.Probe(container, kind, number, handler.equals("tcpSocket")));
    }
  }

  /** How often a container was restarted, half read. */
  private static final class RestartsDraft {
    private String container = "";
    private int count;
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
}
