package io.listenbacklog.host;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.kernel.linux.AlteredC;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.LinuxC;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What systemd is told, and when. */
class UnitNoticeTest {
  private static final Map<String, String> NOTIFY = Map.of("NOTIFY_SOCKET", "/run/notify");
  private static final Duration TURNED = Duration.ofMillis(100);

  private final List<String> sent = new ArrayList<>();
  private final LinuxC linux =
      AlteredC.with(
          "sendto",
          arguments -> {
            byte[] bytes = ((MemorySegment) arguments[1]).toArray(JAVA_BYTE);
            sent.add(new String(bytes, UTF_8));
            return bytes.length;
          });

  @Test
  void whereNobodyAskedForItNothingIsTold() {
    var notice = UnitNotice.of(linux, Map.of("WATCHDOG_USEC", "10"), 1, 0);
    notice.ready("a");
    notice.status("b");
    notice.alive(1_000_000_000, TURNED);
    notice.stopping();

    assertThat(sent).isEmpty();
    assertThat(notice.failure()).isEmpty();
  }

  @Test
  void aStatusIsToldWhenItChanges() {
    var notice = UnitNotice.of(linux, NOTIFY, 1, 0);
    notice.ready("one");
    notice.status("one");
    notice.status("two");
    notice.status("two");

    assertThat(sent).containsExactly("READY=1\nSTATUS=one", "STATUS=two");
  }

  @Test
  void theWatchdogIsToldOftenEnoughWhileTheEngineGoesRound() {
    var watched = Map.of("NOTIFY_SOCKET", "@n", "WATCHDOG_USEC", "4000000", "WATCHDOG_PID", "77");
    var notice = UnitNotice.of(linux, watched, 77, 0);
    for (int tenths = 0; tenths <= 100; tenths++) notice.alive(tenths * 100_000_000L, TURNED);

    assertThat(sent).hasSize(10).containsOnly("WATCHDOG=1");
  }

  @Test
  void theWatchdogIsNotToldWhereTheEngineHangs() {
    var notice =
        UnitNotice.of(linux, Map.of("NOTIFY_SOCKET", "@n", "WATCHDOG_USEC", "4000000"), 77, 0);
    notice.alive(3_000_000_000L, Duration.ofMillis(2_001));
    assertThat(sent).isEmpty();

    notice.alive(3_100_000_000L, Duration.ZERO);
    assertThat(sent).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"4000000,78", "0,", "-1,", "soon,", "99999999999999999999,"})
  void aWatchdogThatIsAnothersOrNoneIsNotTold(String micros, String pid) {
    var notice =
        UnitNotice.of(
            linux,
            Map.of(
                "NOTIFY_SOCKET",
                "@n",
                "WATCHDOG_USEC",
                micros,
                "WATCHDOG_PID",
                pid == null ? "" : pid),
            77,
            0);
    notice.alive(Long.MAX_VALUE, Duration.ZERO);

    assertThat(sent).isEmpty();
  }

  @Test
  void whatCannotBeToldIsSaidOnceAndHarmsNothing() {
    var notice = UnitNotice.of(AlteredC.refusing("sendto", Errno.ENOENT), NOTIFY, 1, 0);
    notice.ready("one");

    assertThat(notice.failure()).isEqualTo("sendto(/run/notify): ENOENT (2)");
    notice.status("two");
    assertThat(notice.failure()).as("the same again").isEmpty();

    var odd = UnitNotice.of(linux, Map.of("NOTIFY_SOCKET", "vsock:2:9"), 1, 0);
    odd.ready("one");
    assertThat(odd.failure()).contains("vsock:2:9");
    assertThat(sent).isEmpty();
  }
}
