package io.listenbacklog.kernel.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundAddressesTest {
  private static final ListenerId ALL = listener("0.0.0.0", 0);
  private static final ListenerId ONE = listener("10.1.2.3", 0);
  private static final ListenerId DEVICE = listener("0.0.0.0", 2);
  private static final ListenerId BOTH = listener("10.1.2.3", 2);

  @Test
  void aConnectionCameByTheListenerThatIsBoundMostExactly() {
    assertThat(reached(to("10.1.2.4", 0), ALL, ONE, DEVICE, BOTH)).containsExactly(ALL);
    assertThat(reached(to("10.1.2.3", 0), ALL, ONE, DEVICE, BOTH)).containsExactly(ONE);
    assertThat(reached(to("10.1.2.4", 2), ALL, ONE, DEVICE, BOTH)).containsExactly(DEVICE);
    assertThat(reached(to("10.1.2.3", 2), ALL, ONE, DEVICE, BOTH)).containsExactly(BOTH);
  }

  @Test
  void aConnectionOfADeviceCameByWhatListensEverywhereWhereNothingIsBoundToTheDevice() {
    assertThat(reached(to("10.1.2.3", 7), ALL, DEVICE)).containsExactly(ALL);
    assertThat(reached(to("10.1.2.3", 7), ALL, ONE, DEVICE)).containsExactly(ONE);
  }

  @Test
  void aDeviceIsPreferredToAnAddress() {
    assertThat(reached(to("10.1.2.3", 2), ONE, DEVICE)).containsExactly(DEVICE);
  }

  @Test
  void allMembersOfAGroupAreReached() {
    assertThat(reached(to("10.1.2.4", 0), ALL, listener("0.0.0.0", 0))).hasSize(2);
  }

  @Test
  void familiesAreTwoListeners() {
    var ipv6 = listener("::", 0);

    assertThat(reached(to("10.1.2.3", 0), ALL, ipv6)).containsExactly(ALL);
    assertThat(reached(to("2001:db8::1", 0), ALL, ipv6)).containsExactly(ipv6);
  }

  private static List<ListenerId> reached(Connection connection, ListenerId... listeners) {
    var bound = new BoundAddresses();
    for (var each : listeners) bound.add(each);
    return Arrays.stream(listeners).filter(each -> bound.isReached(each, connection)).toList();
  }

  private static long cookies;

  private static ListenerId listener(String address, int device) {
    return new ListenerId(Addresses.of(address), 9876, device, ++cookies);
  }

  private static Connection to(String address, int device) {
    var peer = new Endpoint(Addresses.of("10.0.3.7"), 49511);
    var local = new Endpoint(Addresses.of(address), 9876);
    return new Connection(local, device, peer, ++cookies, 77, 0, 1, 1);
  }
}
