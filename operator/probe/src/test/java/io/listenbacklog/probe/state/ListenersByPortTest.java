package io.listenbacklog.probe.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.kernel.socket.IpAddress;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ListenersByPortTest {
  /** A longer chain is that of one port, or of few more. */
  private static final int SHORT = 16;

  private final ListenersByPort all = new ListenersByPort();
  private long cookies;

  private ListenerState listener(int port) {
    var id = new ListenerId(IpAddress.v4(0x7f000001), port, 0, ++cookies);
    return new ListenerState(new Listener(id, cookies, 0, 5, 0), 4096, Instant.EPOCH, 0);
  }

  private ListenerState add(int port) {
    var listener = listener(port);
    all.add(listener);
    return listener;
  }

  @Test
  void whatOneLookGoesThroughDoesNotGrowWithTheirNumber() {
    for (int port = 10_000; port < 20_000; port++) add(port);

    for (int port = 10_000; port < 20_000; port++) {
      assertThat(all.lengthAt(port)).isBetween(1, SHORT);
      assertThat(all.on(port)).hasSize(1);
    }
    assertThat(all.on(9_999)).isEmpty();
  }

  /** As an application does that takes each 16th port. */
  @Test
  void norWithHowTheyAreSpread() {
    for (int port = 16; port < 65_536; port += 16) add(port);

    for (int port = 16; port < 65_536; port += 16) assertThat(all.lengthAt(port)).isLessThan(SHORT);
  }

  @Test
  void aGroupOnOnePortIsFoundAsAWhole() {
    for (int port = 1; port <= 100; port++) add(port);
    var group = new ArrayList<>(List.of(all.on(80).getFirst()));
    for (int member = 0; member < 200; member++) group.add(add(80));

    assertThat(all.on(80)).containsExactlyInAnyOrderElementsOf(group);
  }

  @Test
  void whoeverIsRemovedIsFoundNoMoreAndAllOthersAre() {
    var random = new Random(1);
    var present = new ArrayList<ListenerState>();
    for (int round = 0; round < 20_000; round++) {
      if (present.size() > 50 && random.nextBoolean()) {
        var gone = present.remove(random.nextInt(present.size()));
        all.remove(gone);
        assertThat(all.on(gone.tcp().port())).doesNotContain(gone);
      } else {
        present.add(add(1 + random.nextInt(300)));
      }
    }
    for (var each : present) assertThat(all.on(each.tcp().port())).contains(each);
    int found = 0;
    for (int port = 1; port <= 300; port++) found += all.on(port).size();
    assertThat(found).isEqualTo(present.size());
  }

  @Test
  void whoWasNeverThereIsNotRemoved() {
    var there = add(80);
    all.remove(listener(80));

    assertThat(all.on(80)).containsExactly(there);
  }
}
