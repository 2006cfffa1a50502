package io.listenbacklog.probe.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonSizeTest {
  @Test
  void whatStrangersNamedIsCountedInBytesAndNotInCharacters() {
    assertThat(JsonSize.of("\u20ac".repeat(100))).isEqualTo(2 + 300);
  }

  @Test
  void whatGoEscapesIsCountedAsEtcdHoldsIt() {
    assertThat(JsonSize.of("<&>".repeat(100))).isEqualTo(2 + 6 * 300);
  }
}
