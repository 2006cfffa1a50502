package io.listenbacklog.policy.resolve.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.api.PortRule;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodAnnotationsTest {

  @Test
  void noAnnotationsSayNothing() {
    assertThat(PodAnnotations.parse(Map.of())).isEqualTo(PodAnnotations.NONE);
  }

  @Test
  void portsAreReadByNumberAndByName() {
    assertThat(
            PodAnnotations.parse(
                    Map.of(AnnotationKeys.PORTS, "9876=128, 8080=256 - 4096, metrics = exempt"))
                .ports())
        .containsExactly(
            new PortRule(new IntOrString(9876), 128, null, null),
            new PortRule(new IntOrString(8080), 256, 4096, null),
            new PortRule(new IntOrString("metrics"), null, null, true));
  }

  @Test
  void rangesOfPortsAndPathsAreRead() {
    assertThat(
            PodAnnotations.parse(
                    Map.of(
                        AnnotationKeys.PORTS,
                        "30000-32767 = exempt, 31000-31010=5-6, /run/php.sock=128, @mux*=exempt"))
                .ports())
        .containsExactly(
            new PortRule(new IntOrString("30000-32767"), null, null, true),
            new PortRule(new IntOrString("31000-31010"), 5, 6, null),
            new PortRule(null, "/run/php.sock", 128, null, null),
            new PortRule(null, "@mux*", null, null, true));
  }

  @Test
  void aRangeOfOnePortIsThatPort() {
    var annotations = PodAnnotations.parse(Map.of(AnnotationKeys.PORTS, "9-9=exempt,9=64"));

    assertThat(annotations.ports())
        .containsExactly(new PortRule(new IntOrString(9), null, null, true));
    assertThat(annotations.problems())
        .singleElement()
        .extracting("problem")
        .asString()
        .contains("a second time");
  }

  @Test
  void sixtyFourRangesAreAsManyAsThereMayBe() {
    String many =
        IntStream.range(0, 70)
            .mapToObj(i -> (1000 + i) + "-" + (60000 - i) + "=5")
            .collect(Collectors.joining(","));
    var annotations = PodAnnotations.parse(Map.of(AnnotationKeys.PORTS, many));
    assertThat(annotations.ports()).hasSize(64);
    assertThat(annotations.problems()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"9-8", "0-9", "1-65536", "1-", "-1", "1-2-3", "01-02", "1–2", "1 - 2"})
  void whatIsNoRangeOfPortsIsRefused(String range) {
    var annotations = PodAnnotations.parse(Map.of(AnnotationKeys.PORTS, range + "=exempt"));
    assertThat(annotations.ports()).isNull();
    assertThat(annotations.problems()).hasSize(1);
  }

  @Test
  void digitsOfOtherScriptsAreNoNumbers() {
    var annotations = PodAnnotations.parse(Map.of(AnnotationKeys.MINIMUM, "١٢٨"));
    assertThat(annotations.minimum()).isNull();
    assertThat(annotations.problems()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-", "256-", "-4096", "256--4096", "256-4096-", "256-0", "256-70000", "256–4096"})
  void whatIsNoMinimumAndMaximumIsRefused(String range) {
    var annotations = PodAnnotations.parse(Map.of(AnnotationKeys.PORTS, "8080=" + range));
    assertThat(annotations.ports()).isNull();
    assertThat(annotations.problems()).hasSize(1);
  }

  @Test
  void moreThan64PortsAreCutAndSaid() {
    String many =
        IntStream.rangeClosed(1, 70).mapToObj(port -> port + "=5").collect(Collectors.joining(","));
    var annotations = PodAnnotations.parse(Map.of(AnnotationKeys.PORTS, many));
    assertThat(annotations.ports()).hasSize(64);
    assertThat(annotations.problems())
        .singleElement()
        .extracting(AnnotationProblem::problem)
        .isEqualTo("comes after 64 ports, as many as there may be");
  }

  @Test
  void aThousandUnknownKeysMakeSixteenProblems() {
    var annotations = new HashMap<String, String>();
    for (int i = 0; i < 1000; i++) annotations.put(AnnotationKeys.PREFIX + "key-" + i, "");
    assertThat(PodAnnotations.parse(annotations).problems()).hasSize(16);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", ",", "=", "-", "🐙", "80=64,", "80=1-1-", "\0"})
  void aMegabyteOfAnythingMakesFewProblemsAndFewPorts(String text) {
    // More than the API server takes: 256 KiB over all annotations of an object.
    String megabyte = text.repeat(1024 * 1024 / text.length());
    var annotations =
        PodAnnotations.parse(
            Map.of(
                AnnotationKeys.PORTS,
                megabyte,
                AnnotationKeys.MINIMUM,
                megabyte,
                AnnotationKeys.MAXIMUM,
                megabyte,
                AnnotationKeys.MODE,
                megabyte,
                AnnotationKeys.PREFIX + "other",
                megabyte));
    assertThat(annotations.problems()).hasSizeBetween(5, 16);
    assertThat(annotations.ports() == null ? 0 : annotations.ports().size())
        .isLessThanOrEqualTo(64);
  }

  @Test
  void noTextMakesItThrow() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    String alphabet = "0123456789=,-x \t🐙exempt\0";
    for (int i = 0; i < 20_000; i++) {
      String text =
          random
              .ints(random.nextInt(30), 0, alphabet.length())
              .mapToObj(at -> String.valueOf(alphabet.charAt(at)))
              .collect(Collectors.joining());
      var annotations =
          PodAnnotations.parse(
              Map.of(
                  AnnotationKeys.PORTS, text,
                  AnnotationKeys.MINIMUM, text,
                  AnnotationKeys.MAXIMUM, text,
                  AnnotationKeys.MODE, text));
      assertThat(annotations.problems()).as("seed %d: %s", seed, text).isNotEmpty();
    }
  }
}
