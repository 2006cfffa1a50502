package io.listenbacklog.management;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class RequestHeadFuzzTest {
  static Stream<byte[]> seeds() {
    return Stream.of(
            "GET /livez HTTP/1.1\r\nHost: 10.1.2.3:8081\r\nUser-Agent: kube-probe/1.34\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nAccept-Encoding: deflate, gzip;q=0.5\r\n\r\n",
            "GET http://h/metrics?x=y HTTP/1.0\nauthorization: bearer  abc \n\n",
            "POST / HTTP/2\r\n\r\n",
            "\r\n\r\n")
        .map(seed -> seed.getBytes(ISO_8859_1));
  }

  @MethodSource("seeds")
  @FuzzTest
  void aHeadIsReadOrAnsweredAsMalformedAndNothingElse(byte[] bytes) {
    int end = RequestHead.end(bytes, bytes.length);
    if (end < 0) return;
    assertThat(end).isBetween(2, bytes.length);
    assertThat(bytes[end - 1]).isEqualTo((byte) '\n');
    try {
      var head = RequestHead.of(bytes, end);
      assertThat(head.path()).doesNotContain("?", " ", "\n");
      assertThat(head.method()).isNotEmpty().doesNotContain(" ", "\n");
      head.bearerToken().ifPresent(token -> assertThat(token).doesNotContain("\n"));
    } catch (RequestHead.Malformed e) {
      assertThat(e.status()).isIn(400, 505);
      assertThat(e.why()).isNotEmpty();
    }
  }
}
