package io.listenbacklog.kernel.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.listenbacklog.kernel.events.KernelEvent.CgroupMade;
import io.listenbacklog.kernel.events.KernelEvent.ListenerBorn;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class TraceLineFuzzTest {
  private static final String HEADER = "-71      [001] ...1.  1234.567890";
  private static final String BIRTH =
      ": inet_sock_set_state: family=AF_INET protocol=IPPROTO_TCP sport=9876 dport=0"
          + " saddr=0.0.0.0 daddr=0.0.0.0 saddrv6=::ffff:0.0.0.0 daddrv6=::ffff:0.0.0.0"
          + " oldstate=TCP_CLOSE newstate=TCP_LISTEN";
  private static final String CGROUP = ": cgroup_mkdir: root=0 id=5 level=3 path=";

  static Stream<byte[]> seeds() {
    return Stream.of(
            "python3",
            "a\r\u0085b",
            " python3" + HEADER + BIRTH,
            " runc" + HEADER + CGROUP + "/kubepods/podX",
            "x-1 [000] 1:2",
            "CPU:1 [LOST 12 EVENTS]")
        .map(seed -> seed.getBytes(UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void aLineTellsWhatTheKernelWroteWhateverTheProcessIsCalled(byte[] bytes) {
    TraceLine.event(line(bytes))
        .ifPresent(
            event -> {
              if (event instanceof ListenerBorn(int thread, int port)) {
                assertThat(thread).isNotNegative();
                assertThat(port).isBetween(1, 65535);
              }
            });

    // A comm has 15 bytes at most, and blanks before it up to 16; a line's end in it makes two
    // lines.
    var comm = " " + line(Arrays.copyOf(bytes, Math.min(15, bytes.length)));
    assertThat(TraceLine.event(comm + HEADER + BIRTH)).contains(new ListenerBorn(71, 9876));
    var path = line(bytes);
    assertThat(TraceLine.event(comm + HEADER + CGROUP + path)).contains(new CgroupMade(path));
  }

  /** What stands before the next line's end. */
  private static String line(byte[] bytes) {
    var text = new String(bytes, UTF_8);
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }
}
