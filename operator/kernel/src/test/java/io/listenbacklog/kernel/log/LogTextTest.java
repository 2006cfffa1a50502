package io.listenbacklog.kernel.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.kernel.socket.Addresses;
import io.listenbacklog.kernel.socket.ListenerId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogTextTest {
  private static final String TCP = "TCP: request_sock_TCP: Possible SYN flooding on port ";

  @Test
  void aLineOfLinux61HasThePortAlone() {
    assertThat(floods("<6>[12719.772241] " + TCP + "7000. Sending cookies.  Check SNMP counters."))
        .containsExactly(new FloodWarning(12719_772241L, "", 7000, true));
  }

  @Test
  void aLineSinceLinux62HasTheAddressToo() {
    assertThat(
            floods(
                """
                <6>[    0.000001] TCP: request_sock_TCP: Possible SYN flooding on port 10.9.255.254:7000. Sending cookies.
                <6>[   12.000002] TCP: request_sock_TCPv6: Possible SYN flooding on port [::]:7001. Dropping request.
                <6>[   13.000003] TCP: request_sock_subflow_v4: Possible SYN flooding on port 0.0.0.0:7002. Sending cookies.
                <6>[   14.000004] TCP: request_sock_TCPv6: Possible SYN flooding on port [2001:db8::1]:7003. Sending cookies.
                """))
        .containsExactly(
            new FloodWarning(1, "10.9.255.254", 7000, true),
            new FloodWarning(12_000_002, "[::]", 7001, false),
            new FloodWarning(13_000_003, "0.0.0.0", 7002, true),
            new FloodWarning(14_000_004, "[2001:db8::1]", 7003, true));
  }

  @Test
  void timeAndCallerMayBeMissingOrThere() {
    assertThat(
            floods(
                "<6>%s7000. Dropping request.\n<4>[  1.000000][    T1] %s7001. Sending cookies.\n<6>[  1.000000][   C12] %s7002. Sending cookies."
                    .formatted(TCP, TCP, TCP)))
        .containsExactly(
            new FloodWarning(-1, "", 7000, false),
            new FloodWarning(1_000_000, "", 7001, true),
            new FloodWarning(1_000_000, "", 7002, true));
  }

  @Test
  void theFirstLineMayBeCutAtTheBeginningOfTheBuffer() {
    assertThat(
            floods(
                TCP + "7000. Sending cookies.\n<6>[ 1.000000] " + TCP + "7001. Sending cookies."))
        .extracting(FloodWarning::port)
        .containsExactly(7001);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Written to /dev/kmsg by a process: facility 1 (LOG_USER), which it cannot choose to be 0.
        "<14>[ 1.000000] TCP: request_sock_TCP: Possible SYN flooding on port 7000. Sending cookies.",
        "<6>[ 1.000000] app: TCP: request_sock_TCP: Possible SYN flooding on port 7000. Sending cookies.",
        "<6>[ 1.000000] TCP: request_sock_TCP: Possible SYN flooding on port 0. Sending cookies.",
        "<6>[ 1.000000] TCP: request_sock_TCP: Possible SYN flooding on port 65536. Sending cookies.",
        "<6>[ 1.000000] TCP: request_sock_TCP: Possible SYN flooding on port 99999999. Sending cookies.",
        "<6>[ 1.000000] TCP: request_sock_TCP: Possible SYN flooding on port x:7000. Sending cookies.",
        "<6>[ 1.000000] TCP: request_sock_TCP: Possible SYN flooding on port 7000. Serving cookies.",
        "<6>[ 1.000000] TCP: request_sock_TCP: Possible SYN flooding on port ",
        "",
      })
  void whatIsNotSuchALineIsNone(String line) {
    assertThat(floods(line)).isEmpty();
  }

  @Test
  void aLineMayNameAListenerOfItsPortAndOfItsAddressWhereItHasOne() {
    var any = new FloodWarning(1, "", 7000, true);
    var v6 = new FloodWarning(1, "[::]", 7000, true);
    var four = new ListenerId(Addresses.of("10.0.0.1"), 7000, 0, 1);
    var six = new ListenerId(Addresses.of("::"), 7000, 0, 2);
    var other = new ListenerId(Addresses.of("::"), 7001, 0, 3);

    assertThat(List.of(any.mayName(four), any.mayName(six), any.mayName(other)))
        .containsExactly(true, true, false);
    assertThat(List.of(v6.mayName(four), v6.mayName(six), v6.mayName(other)))
        .containsExactly(false, true, false);
  }

  @Test
  void whateverTheLogHoldsIsReadOrLeft() {
    long seed = System.nanoTime();
    System.out.println("LogTextTest seed " + seed);
    var random = new Random(seed);
    byte[] whole =
        ("<6>[  12.000002] " + TCP + "[::]:7001. Dropping request.\n<6>[  13.000002] ü\n")
            .repeat(3)
            .getBytes(UTF_8);
    for (int round = 0; round < 20_000; round++) {
      byte[] broken = whole.clone();
      for (int change = random.nextInt(6); change >= 0; change--) {
        broken[random.nextInt(broken.length)] = (byte) random.nextInt();
      }
      assertThat(LogText.floods(broken)).as("seed %d", seed).hasSizeLessThanOrEqualTo(3);
    }
  }

  @Test
  void aFloodOfLinesIsBounded() {
    assertThat(floods(("<6>[ 1.000000] " + TCP + "7000. Sending cookies.\n").repeat(3_000)))
        .hasSize(1_000);
  }

  private static List<FloodWarning> floods(String log) {
    return LogText.floods(log.getBytes(ISO_8859_1));
  }
}
