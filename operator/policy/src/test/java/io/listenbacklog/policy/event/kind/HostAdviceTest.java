package io.listenbacklog.policy.event.kind;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.catalogue.Catalogue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HostAdviceTest {
  private static final Catalogue CATALOGUE = Catalogue.standard();

  static Stream<String> keys() {
    return CATALOGUE.keys().stream();
  }

  /** Who has no cluster is told of nothing that only a cluster has. */
  @ParameterizedTest
  @MethodSource("keys")
  void noAdviceOnAHostNamesPoliciesOrPods(String key) {
    assertThat(HostAdvice.of(CATALOGUE.advice(key).orElseThrow()))
        .doesNotContainPattern("(?i)polic(y|ies)|\\bpods?\\b|\\bEnforce\\b")
        .endsWith(".");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sshd    | sshd asks for 128, fixed in its code: it has no setting.",
        "stunnel | stunnel asks for as much as net.core.somaxconn allows: raise that with sysctl.",
        "mysql-x | MySQL's X Plugin reckons its backlog from mysqlx_max_connections, and back_log does not change it: raise that."
      })
  void whatIsLeftIsASentence(String key, String sentence) {
    assertThat(HostAdvice.of(CATALOGUE.advice(key).orElseThrow())).isEqualTo(sentence);
  }

  @Test
  void whatNamesNoPolicyIsAsItWas() {
    String gunicorn = CATALOGUE.advice("gunicorn").orElseThrow();

    assertThat(HostAdvice.of(gunicorn)).isEqualTo(gunicorn);
  }
}
