package io.listenbacklog.policy.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.api.AppConfigRule;
import io.listenbacklog.api.ArgForm;
import io.listenbacklog.api.ArgsChange;
import io.listenbacklog.api.BacklogPolicySpec;
import io.listenbacklog.api.ClusterBacklogPolicySpec;
import io.listenbacklog.api.ConfigFormat;
import io.listenbacklog.api.ConfigMapChange;
import io.listenbacklog.api.EnvChange;
import io.listenbacklog.api.EnvCombine;
import io.listenbacklog.api.Loopback;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.OnConflict;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.PortRule;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.Rollout;
import io.listenbacklog.api.StallRule;
import io.listenbacklog.api.Sysctls;
import io.listenbacklog.api.UnixListeners;
import io.listenbacklog.policy.pages.Pages;
import io.listenbacklog.policy.resolve.annotation.PodAnnotations;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds {@code docs/policy.md}, and the policies that any page shows, to the types of the API. */
class PolicyDocumentationTest {
  private static final Path DOCUMENT = Pages.REPOSITORY.resolve("docs/policy.md");
  private static final Path EXAMPLES = Pages.REPOSITORY.resolve("examples/policies");
  private static final Pattern OURS =
      Pattern.compile("(?m)^kind: (BacklogPolicy|ClusterBacklogPolicy|Pod)$");
  private static final ObjectMapper STRICT = new ObjectMapper();

  @Test
  void eachFieldHasItsMention() throws IOException {
    String text = Files.readString(DOCUMENT);
    assertThat(
            Stream.of(
                    BacklogPolicySpec.class,
                    ClusterBacklogPolicySpec.class,
                    PortRule.class,
                    Sysctls.class,
                    StallRule.class,
                    AppConfigRule.class,
                    EnvChange.class,
                    ArgsChange.class,
                    ConfigMapChange.class,
                    Rollout.class)
                .flatMap(type -> Arrays.stream(type.getRecordComponents()))
                .map(RecordComponent::getName)
                .distinct())
        .allSatisfy(
            field -> assertThat(text).containsPattern("\\*\\*`" + field + "\\b[^`]*`\\*\\*"));
  }

  @Test
  void eachValueOfAnEnumHasItsMention() throws IOException {
    String text = Files.readString(DOCUMENT);
    assertThat(
            Stream.of(
                    Mode.values(),
                    Remedy.values(),
                    OnDelete.values(),
                    Loopback.values(),
                    UnixListeners.values(),
                    EnvCombine.values(),
                    ArgForm.values(),
                    ConfigFormat.values(),
                    OnConflict.values())
                .flatMap(Arrays::stream)
                .map(value -> STRICT.convertValue(value, String.class)))
        .allSatisfy(value -> assertThat(text).containsPattern("`([a-zA-Z]+: )?" + value + "`"));
  }

  @Test
  void eachAnnotationHasItsMention() throws IOException {
    String text = Files.readString(DOCUMENT);
    assertThat(
            List.of(
                AnnotationKeys.MODE,
                AnnotationKeys.MINIMUM,
                AnnotationKeys.MAXIMUM,
                AnnotationKeys.PORTS))
        .allSatisfy(key -> assertThat(text).contains("`" + key + "`"));
  }

  /** Of all pages: what is shown to be applied, and is a policy or a pod. */
  static List<Arguments> examples() {
    var examples = new ArrayList<Arguments>();
    for (Path page : Pages.all()) {
      for (String block : Pages.yaml(page)) {
        for (String document : block.split("(?m)^---$", -1)) {
          if (OURS.matcher(document).find()) {
            examples.add(Arguments.of(Pages.name(page), document));
          }
        }
      }
    }
    assertThat(examples).hasSizeGreaterThan(15);
    return examples;
  }

  static List<Path> files() throws IOException {
    try (var files = Files.list(EXAMPLES)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void anExampleSaysWhatTheTypesUnderstand(Path page, String yaml) {
    assertThat(understood(yaml)).as("%s", page).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("files")
  void aFileSaysWhatTheTypesUnderstandAndTheReadmeNamesIt(Path file) throws IOException {
    assertThat(understood(Files.readString(file))).isNotNull();
    String name = String.valueOf(file.getFileName());
    assertThat(Files.readString(EXAMPLES.resolve("README.md")))
        .contains("[%s](%s)".formatted(name, name));
  }

  @Test
  void anExampleWithAFieldThatIsNoneIsNotUnderstood() {
    assertThatThrownBy(() -> understood("kind: BacklogPolicy\nspec: {minimun: 64}"))
        .hasMessageContaining("minimun");
    assertThatThrownBy(
            () -> understood("kind: BacklogPolicy\nspec: {ports: [{port: 80, minimun: 64}]}"))
        .hasMessageContaining("minimun");
    assertThatThrownBy(() -> understood("kind: BacklogPolicy\nspec: {selector: {app: web}}"))
        .hasMessageContaining("app");
    assertThatThrownBy(
            () ->
                understood("kind: Pod\nmetadata: {annotations: {listenbacklog.io/minimun: '64'}}"))
        .hasMessageContaining("minimun");
  }

  /** What an object asks for: a spec, or annotations. */
  private static Object understood(String yaml) {
    Map<?, ?> object = new KubernetesSerialization().unmarshal(yaml, Map.class);
    return switch (String.valueOf(object.get("kind"))) {
      case "BacklogPolicy" -> {
        var spec = STRICT.convertValue(object.get("spec"), BacklogPolicySpec.class);
        assertKnown(spec.selector());
        yield spec;
      }
      case "ClusterBacklogPolicy" -> {
        var spec = STRICT.convertValue(object.get("spec"), ClusterBacklogPolicySpec.class);
        assertKnown(spec.selector());
        assertKnown(spec.namespaceSelector());
        yield spec;
      }
      case "Pod" -> annotations((Map<?, ?>) Objects.requireNonNull(object.get("metadata")));
      default -> throw new AssertionError("an example of what? " + yaml);
    };
  }

  private static PodAnnotations annotations(Map<?, ?> metadata) {
    var annotations =
        STRICT.<Map<String, String>>convertValue(
            metadata.get("annotations"),
            STRICT.getTypeFactory().constructMapType(Map.class, String.class, String.class));
    var parsed = PodAnnotations.parse(annotations);
    assertThat(parsed.problems()).isEmpty();
    return parsed;
  }

  private static void assertKnown(@Nullable LabelSelector selector) {
    if (selector != null) assertThat(selector.getAdditionalProperties()).isEmpty();
  }
}
