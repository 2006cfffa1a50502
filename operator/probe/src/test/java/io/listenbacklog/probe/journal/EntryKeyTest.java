package io.listenbacklog.probe.journal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntryKeyTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "listener/1",
        "listener/18446744073709551615",
        "somaxconn/1b2c/4026532001",
        "somaxconn/node/4026531840",
        "net.ipv4.tcp_max_syn_backlog/1b2c/4026532001"
      })
  void isReadAsItIsWritten(String text) {
    assertThat(EntryKey.of(text)).map(EntryKey::text).contains(text);
  }

  @ParameterizedTest
  @CsvSource({
    "somaxconn/1b2c/4026532001, net.core.somaxconn",
    "net.core.somaxconn/1b2c/4026532001, net.core.somaxconn",
    "net.ipv4.tcp_max_syn_backlog/1b2c/4026532001, net.ipv4.tcp_max_syn_backlog"
  })
  void namesTheSysctl(String text, String name) {
    assertThat(EntryKey.of(text)).contains(new EntryKey.Sysctl("1b2c", 4026532001L, name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "listener/",
        "listener/-1",
        "listener/x",
        "listener/1/2/3",
        "another/1",
        "somaxconn/1b2c/",
        "somaxconn/1b2c/x"
      })
  void whatIsNoKeyIsNone(String text) {
    assertThat(EntryKey.of(text)).isEmpty();
  }
}
