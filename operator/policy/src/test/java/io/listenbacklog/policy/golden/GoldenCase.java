package io.listenbacklog.policy.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.api.ClusterBacklogPolicy;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.policy.resolve.limit.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory with the objects that a case is about, and what must come of them.
 *
 * @param limits as {@code in-values.yaml} has them, the values that the chart was installed with
 * @param objects of {@code in.yaml} (or several, {@code in-*.yaml}), each a document, with what all
 *     have unless they say otherwise: the uid {@code uid-NAME}, and for a policy generation 1 and
 *     the first of January
 * @param read the names of these files
 */
record GoldenCase(Path directory, Limits limits, List<HasMetadata> objects, Set<String> read) {
  private static final Pattern OBJECTS = Pattern.compile("in(-.*)?[.]yaml");
  private static final String VALUES = "in-values.yaml";
  private static final Pattern NEXT = Pattern.compile("^---$", Pattern.MULTILINE);
  private static final String CREATED = "2026-01-01T00:00:00Z";
  private static final Path RESOURCES = Path.of("src/test/resources");
  static final KubernetesSerialization YAML = serialization();

  private static KubernetesSerialization serialization() {
    var serialization = new KubernetesSerialization();
    Stream.of(
            BacklogPolicy.class,
            ClusterBacklogPolicy.class,
            NodeBacklog.class,
            Pod.class,
            Namespace.class)
        .forEach(serialization::registerKubernetesResource);
    return serialization;
  }

  /** All cases of a kind, by name. */
  static List<GoldenCase> all(String kind) throws IOException {
    try (var directories = Files.list(RESOURCES.resolve(kind))) {
      var cases = new ArrayList<GoldenCase>();
      for (Path directory : directories.sorted().toList()) cases.add(read(directory));
      return cases;
    }
  }

  private static GoldenCase read(Path directory) throws IOException {
    var objects = new ArrayList<HasMetadata>();
    var read = new TreeSet<String>();
    var limits = Limits.DEFAULT;
    for (String name : names(directory)) {
      String text = Files.readString(directory.resolve(name));
      if (name.equals(VALUES)) {
        limits = YAML.unmarshal(text, Values.class).limits().asLimits();
      } else if (OBJECTS.matcher(name).matches()) {
        NEXT.splitAsStream(text).map(GoldenCase::object).forEach(objects::add);
      } else {
        continue;
      }
      read.add(name);
    }
    return new GoldenCase(directory, limits, List.copyOf(objects), read);
  }

  private static HasMetadata object(String yaml) {
    HasMetadata object = YAML.unmarshal(yaml);
    ObjectMeta meta = object.getMetadata();
    if (meta.getUid() == null) meta.setUid("uid-" + meta.getName());
    if (object instanceof BacklogPolicy || object instanceof ClusterBacklogPolicy) {
      if (meta.getGeneration() == null) meta.setGeneration(1L);
      if (meta.getCreationTimestamp() == null) meta.setCreationTimestamp(CREATED);
    }
    return object;
  }

  /** What a case may set of the chart's values. */
  private record Values(ChartLimits limits) {}

  private record ChartLimits(@Nullable Integer maxBacklog, @Nullable String annotations) {
    Limits asLimits() {
      return new Limits(
          maxBacklog == null ? Limits.DEFAULT.maxBacklog() : maxBacklog,
          annotations == null
              ? Limits.DEFAULT.annotations()
              : Limits.Annotations.of(annotations).orElseThrow());
    }
  }

  private static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Its objects of a kind. */
  <T extends HasMetadata> Stream<T> of(Class<T> kind) {
    return objects.stream().filter(kind::isInstance).map(kind::cast);
  }

  /**
   * Compares what came of it with its outs, all of them; with {@code -Dgolden=write} writes them.
   *
   * @param outcome by file name; what is empty has no file
   */
  void check(Map<String, String> outcome) throws IOException {
    if (System.getProperty("golden", "compare").equals("write")) write(outcome);
    for (Map.Entry<String, String> out : outcome.entrySet()) {
      assertThat(directory.resolve(out.getKey())).hasContent(out.getValue());
    }
    var expected = new TreeSet<>(read);
    expected.addAll(outcome.keySet());
    assertThat(names(directory))
        .as("files in %s, each of which somebody reads", directory)
        .containsExactlyElementsOf(expected);
  }

  private void write(Map<String, String> outcome) throws IOException {
    for (String name : names(directory)) {
      if (name.startsWith("out-")) Files.delete(directory.resolve(name));
    }
    for (Map.Entry<String, String> out : outcome.entrySet()) {
      Files.writeString(directory.resolve(out.getKey()), out.getValue());
    }
  }

  @Override
  public String toString() {
    return directory.getFileName().toString();
  }
}
