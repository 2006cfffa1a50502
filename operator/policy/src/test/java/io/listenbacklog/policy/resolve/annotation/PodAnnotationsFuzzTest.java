package io.listenbacklog.policy.resolve.annotation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.api.PortRule;
import io.listenbacklog.policy.resolve.port.PortRange;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

class PodAnnotationsFuzzTest {
  private static final List<String> KEYS =
      List.of(
          AnnotationKeys.MODE,
          AnnotationKeys.MINIMUM,
          AnnotationKeys.MAXIMUM,
          AnnotationKeys.PORTS,
          AnnotationKeys.PREFIX + "other");

  static Stream<byte[]> seeds() {
    return Stream.of(
            "Enforce\n64\n1024\n9876=128,8080=256-4096,metrics=exempt",
            "Observe\n70000\n0\n1=1,1=2,x=exempt,=,a-b=1-1",
            "Enforce\n64\n1024\n30000-32767=exempt,31000-31010=5-6,9-8=1,9-9=1,/run/a*=5,@b=exempt,/=1-2")
        .map(seed -> seed.getBytes(UTF_8));
  }

  /** A line an annotation. */
  @MethodSource("seeds")
  @FuzzTest
  void whatAPodSaysIsARuleThatMakesSenseOrAProblem(byte[] bytes) {
    var lines = new String(bytes, UTF_8).split("\n", KEYS.size());
    var annotations = new HashMap<String, String>();
    for (int line = 0; line < lines.length; line++) annotations.put(KEYS.get(line), lines[line]);

    var parsed = PodAnnotations.parse(annotations);

    assertIsABacklog(parsed.minimum());
    assertThat(parsed.problems()).hasSizeLessThanOrEqualTo(16);
    if (parsed.ports() == null) return;
    assertThat(parsed.ports()).isNotEmpty().hasSizeLessThanOrEqualTo(64);
    assertThat(parsed.ports().stream().map(PortRule::port).filter(Objects::nonNull))
        .doesNotHaveDuplicates();
    assertThat(parsed.ports().stream().map(PortRule::path).filter(Objects::nonNull))
        .doesNotHaveDuplicates();
    for (var rule : parsed.ports()) {
      if (rule.port() != null) assertIsAPort(rule.port());
      else assertThat(rule.path()).matches("[/@][^*\\p{Cntrl}]{0,107}[*]?");
      assertThat(rule.isExempt()).isEqualTo(rule.minimum() == null && rule.maximum() == null);
      assertIsABacklog(rule.minimum());
      assertIsABacklog(rule.maximum());
    }
  }

  private static void assertIsABacklog(@Nullable Integer backlog) {
    if (backlog != null) assertThat(backlog).isBetween(1, 65535);
  }

  private static void assertIsAPort(IntOrString port) {
    var range = PortRange.of(port);
    if (range != null) {
      assertThat(range.first()).isBetween(1, range.last());
      assertThat(range.last()).isLessThanOrEqualTo(65535);
    } else if (port.getStrVal() == null) assertThat(port.getIntVal()).isBetween(1, 65535);
    else
      assertThat(port.getStrVal())
          .matches("(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*")
          .hasSizeBetween(1, 15);
  }
}
