package io.listenbacklog.kernel.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class LogTextFuzzTest {
  private static final String LINE =
      "<6>[   12.000002] TCP: request_sock_TCPv6: Possible SYN flooding on port [::]:7001. Dropping request.";

  static Stream<byte[]> seeds() {
    return Stream.of(
            LINE,
            "<4>TCP: request_sock_TCP: Possible SYN flooding on port 7000. Sending cookies.  Check SNMP counters.",
            "<6>[ 1.000000][ T1] TCP: request_sock_TCP: Possible SYN flooding on port 10.0.0.1:1. Sending cookies.")
        .map(seed -> seed.getBytes(ISO_8859_1));
  }

  /** Whatever else the log holds, a whole line of the kernel's is found, and nothing throws. */
  @MethodSource("seeds")
  @FuzzTest
  void aLineIsFoundAmongWhateverElseThereIs(byte[] bytes) {
    var others = new String(bytes, ISO_8859_1);
    var log = others + "\n" + LINE + "\n" + others;

    var floods = LogText.floods(log.getBytes(ISO_8859_1));

    assertThat(floods).allMatch(each -> each.port() >= 1 && each.port() <= 65535);
    if (floods.size() < 1_000) {
      assertThat(floods).contains(new FloodWarning(12_000_002, "[::]", 7001, false));
    }
  }
}
