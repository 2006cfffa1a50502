package io.listenbacklog.policy.resolve.selector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.listenbacklog.policy.resolve.selector.LabelMatch.Invalid;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class LabelMatchFuzzTest {

  static Stream<byte[]> seeds() {
    return Stream.of("app\nIn\noctavia\napi", "example.com/a\nExists\n", "-\nNear\nx")
        .map(seed -> seed.getBytes(UTF_8));
  }

  /** A key, an operator, then values, a line each. */
  @MethodSource("seeds")
  @FuzzTest
  void aSelectorMeansOneThingOrNothing(byte[] bytes) {
    var lines = Arrays.asList(new String(bytes, UTF_8).split("\n", -1));
    var key = lines.getFirst();
    var operator = lines.size() > 1 ? lines.get(1) : "";
    var values = lines.subList(Math.min(2, lines.size()), lines.size());

    var any = LabelMatch.of(selector(key, operator, values));
    if (any instanceof Invalid(var problem)) {
      assertThat(problem).startsWith("matchExpressions[0].");
      assertThat(any.matches(Map.of(key, ""))).isFalse();
    } else {
      assertThat(operator).isIn("In", "NotIn", "Exists", "DoesNotExist");
    }
    areOpposites(selector(key, "In", values), selector(key, "NotIn", values), key, values);
    areOpposites(
        selector(key, "Exists", List.of()), selector(key, "DoesNotExist", List.of()), key, values);
    if (!values.isEmpty()) {
      // matchLabels is short for In with one value.
      var labels = Map.of(key, values.getFirst());
      var one = LabelMatch.of(new LabelSelectorBuilder().withMatchLabels(labels).build());
      assertThat(one.matches(labels)).isNotEqualTo(one instanceof Invalid);
    }
  }

  private static void areOpposites(
      LabelSelector selector, LabelSelector opposite, String key, List<String> values) {
    var is = LabelMatch.of(selector);
    var isNot = LabelMatch.of(opposite);
    assertThat(is instanceof Invalid).isEqualTo(isNot instanceof Invalid);
    if (is instanceof Invalid) return;
    var labelled =
        Stream.concat(
            Stream.of(Map.<String, String>of(), Map.of(key, "another")),
            values.stream().map(value -> Map.of(key, value)));
    labelled.forEach(labels -> assertThat(is.matches(labels)).isNotEqualTo(isNot.matches(labels)));
  }

  private static LabelSelector selector(String key, String operator, List<String> values) {
    return new LabelSelectorBuilder()
        .addNewMatchExpression()
        .withKey(key)
        .withOperator(operator)
        .withValues(values)
        .endMatchExpression()
        .build();
  }
}
