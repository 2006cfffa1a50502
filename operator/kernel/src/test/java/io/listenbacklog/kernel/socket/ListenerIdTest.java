package io.listenbacklog.kernel.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenerIdTest {

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 0.0.0.0:80",
    "255.254.253.252, 255.254.253.252:80",
    "::, [::]:80",
    "::1, [::1]:80",
    "::ffff:127.0.0.1, [::ffff:127.0.0.1]:80",
    "2001:db8::8:800:200c:417a, [2001:db8::8:800:200c:417a]:80",
    "2001:DB8:0:0:1:0:0:1, [2001:db8::1:0:0:1]:80",
    "2001:db8:0:1:1:1:1:1, [2001:db8:0:1:1:1:1:1]:80",
    "fe80::, [fe80::]:80",
    "1:2:3:4:5:6:0:0, [1:2:3:4:5:6::]:80",
    "0:0:0:0:0:0:102:304, [::1.2.3.4]:80",
  })
  void isWrittenAsSsWritesIt(String address, String text) {
    assertThat(new ListenerId(Addresses.of(address), 80, 0, 1).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true",
    "127.255.0.9, true",
    "::1, true",
    "::ffff:127.0.0.1, true",
    "128.0.0.1, false",
    "0.0.0.0, false",
    "::, false",
    "::2, false",
    "::127.0.0.1, false",
    "::ffff:10.0.0.1, false",
    "7f00::, false",
  })
  void loopbackIsWhatNobodyElseCanReach(String address, boolean loopback) {
    assertThat(new ListenerId(Addresses.of(address), 80, 0, 1).isLoopback()).isEqualTo(loopback);
    assertThat(new ListenerId(Addresses.of(address), 80, 2, 1).isLoopback()).isEqualTo(loopback);
    assertThat(new ListenerId(Addresses.of(address), 80, 1, 1).isLoopback()).isTrue(); // lo
  }

  @Test
  void aMappedAddressIsAnotherThanTheIpv4One() {
    assertThat(Addresses.of("::ffff:10.0.0.1")).isNotEqualTo(Addresses.of("10.0.0.1"));
  }

  @Test
  void theCookieIsWrittenWithAllItsDigits() {
    assertThat(new ListenerId(IpAddress.v4(0), 80, 0, 0xabcL).cookieText())
        .isEqualTo("0000000000000abc");
  }

  @Test
  void aPortIsNeverZero() {
    assertThatThrownBy(() -> new ListenerId(IpAddress.v4(0), 0, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("port 0");
  }
}
