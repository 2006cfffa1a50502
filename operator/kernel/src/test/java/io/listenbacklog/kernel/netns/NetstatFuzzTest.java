package io.listenbacklog.kernel.netns;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class NetstatFuzzTest {
  private static final String FILE =
      """
      TcpExt: SyncookiesSent ListenOverflows ListenDrops TCPReqQFullDoCookies TCPReqQFullDrop
      TcpExt: 0 %s %s %s %s
      IpExt: InNoRoutes
      IpExt: 0
      """;

  static Stream<byte[]> seeds() {
    return Stream.of(
            FILE.formatted(1, 2, 3, 4), "TcpExt: ListenDrops\nTcpExt: 18446744073709551615\n")
        .map(seed -> seed.getBytes(US_ASCII));
  }

  @MethodSource("seeds")
  @FuzzTest
  void countersAreThoseOfTheFileAndNothingThrows(byte[] bytes) {
    Netstat.counters(new String(bytes, US_ASCII));

    var written = new long[4];
    ByteBuffer.wrap(Arrays.copyOf(bytes, 32)).asLongBuffer().get(written);
    var file = FILE.formatted(LongStream.of(written).mapToObj(Long::toUnsignedString).toArray());
    assertThat(Netstat.counters(file))
        .isEqualTo(new NetCounters(written[0], written[1], written[2], written[3]));
  }
}
