package io.listenbacklog.kernel.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.kernel.events.KernelEvent.CgroupMade;
import io.listenbacklog.kernel.events.KernelEvent.EventsLost;
import io.listenbacklog.kernel.events.KernelEvent.ListenerBorn;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceLineTest {
  private static final String FIELDS =
      ": inet_sock_set_state: family=AF_INET protocol=IPPROTO_TCP sport=9876 dport=0"
          + " saddr=0.0.0.0 daddr=0.0.0.0 saddrv6=::ffff:0.0.0.0 daddrv6=::ffff:0.0.0.0"
          + " oldstate=TCP_CLOSE newstate=TCP_LISTEN";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "         python3-71      [001] .....  1234.567890",
        "            java-71      [001] ...1.  1234.567890",
        "            java-71      (    70) [001] .....  1234.567890",
        "            a-5 -71      [001] .....  1234.567890",
        "   x-1 [000] 1:2-71      [000] .....  1234.567890",
        "-71 [127] d..1. 1.0",
        "      a\r\u0085b\u2028c-71      [001] .....  1234.567890",
      })
  void aBirthHasItsThreadAndPort(String header) {
    assertThat(TraceLine.event(header + FIELDS)).contains(new ListenerBorn(71, 9876));
  }

  @Test
  void aCgroupHasItsPath() {
    assertThat(
            TraceLine.event(
                "   runc-9   [000] ..... 1.2: cgroup_mkdir: root=0 id=5 level=3 path=/a b/podX/y"))
        .contains(new CgroupMade("/a b/podX/y"));
  }

  @Test
  void aCgroupWhoseNameLooksLikeABirthIsACgroup() {
    assertThat(
            TraceLine.event(
                "   sh-9   [000] ..... 1.2: cgroup_mkdir: root=0 id=5 level=1 path=/pod-1 [000]"
                    + FIELDS))
        .get()
        .isInstanceOf(CgroupMade.class);
  }

  @Test
  void lostEventsAreTold() {
    assertThat(TraceLine.event("CPU:1 [LOST 12 EVENTS]")).contains(new EventsLost());
    assertThat(TraceLine.event("CPU:12 [LOST EVENTS]")).contains(new EventsLost());
  }

  /** A comm with a line's end in it begins a line of its own. */
  @Test
  void aProcessCannotTellThatEventsWereLost() {
    assertThat(TraceLine.event("CPU:1 [LOST x-1234    [000] ..... 1.2: " + FIELDS))
        .isNotEqualTo(Optional.of(new EventsLost()));
    assertThat(TraceLine.event("CPU:1 [LOST 1 E-1234    [000] ..... 1.2")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# tracer: nop",
        "  java-71 [000] ..... 1.2: sched_switch: prev=1",
        "  java-71 [000] ..... 1.2: inet_sock_set_state: family=AF_INET sport=0 dport=0",
        "  java-71 [000] ..... 1.2: inet_sock_set_state: family=AF_INET sport=99999 dport=0",
        "  java-99999999999999 [000] ..... 1.2: inet_sock_set_state: sport=80 dport=0",
        "  java [000] ..... 1.2: inet_sock_set_state: sport=80 dport=0",
        "  java-71 [000] ..... 1.2: cgroup_mkdir: root=0 id=5",
      })
  void whatTellsNothingIsNothing(String line) {
    assertThat(TraceLine.event(line)).isEmpty();
  }

  @Test
  void brokenLinesAreNoExceptions() {
    long seed = System.nanoTime();
    System.out.println("TraceLineTest seed " + seed);
    var random = new Random(seed);
    var line = "            java-71      [001] ...1.  1234.567890" + FIELDS;
    for (int round = 0; round < 20_000; round++) {
      var broken = new StringBuilder(line);
      for (int change = random.nextInt(6); change >= 0; change--) {
        int at = random.nextInt(broken.length());
        if (random.nextBoolean()) broken.setCharAt(at, (char) random.nextInt(0x3000));
        else broken.delete(at, Math.min(broken.length(), at + random.nextInt(20)));
      }
      TraceLine.event(broken.toString())
          .ifPresent(
              event -> {
                if (event instanceof ListenerBorn(_, int port)) {
                  assertThat(port).as("seed %d", seed).isBetween(1, 65535);
                }
              });
    }
  }
}
