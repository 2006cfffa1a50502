package io.listenbacklog.kernel.sockdiag;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.kernel.socket.Addresses;
import io.listenbacklog.kernel.socket.ListenerId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SynReceivedTest {
  private static final ListenerId WILDCARD = id("0.0.0.0", 80, 1);
  private static final ListenerId SPECIFIC = id("10.0.0.1", 80, 2);
  private static final ListenerId SIX = id("::", 80, 3);

  @Test
  void theListenerOfTheAddressIsBeforeTheWildcardOfTheFamily() {
    var counted = new SynReceived(List.of(WILDCARD, SPECIFIC, SIX));

    counted.add(Addresses.of("10.0.0.1"), 80);
    counted.add(Addresses.of("10.0.0.2"), 80);
    counted.add(Addresses.of("10.0.0.3"), 80);
    counted.add(Addresses.of("::ffff:10.0.0.1"), 80); // a dual-stack listener's
    counted.add(Addresses.of("10.0.0.1"), 81);

    assertThat(counted.shares()).isEqualTo(Map.of(SPECIFIC, 1, WILDCARD, 2, SIX, 1));
  }

  @Test
  void aGroupSharesThemRoundedUp() {
    var other = id("0.0.0.0", 80, 9);
    var counted = new SynReceived(List.of(WILDCARD, other));

    for (int connection = 0; connection < 5; connection++) {
      counted.add(Addresses.of("10.0.0.1"), 80);
    }

    assertThat(counted.shares()).isEqualTo(Map.of(WILDCARD, 3, other, 3));
  }

  private static ListenerId id(String address, int port, long cookie) {
    return new ListenerId(Addresses.of(address), port, 0, cookie);
  }
}
