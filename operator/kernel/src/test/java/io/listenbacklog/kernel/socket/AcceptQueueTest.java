package io.listenbacklog.kernel.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AcceptQueueTest {
  private long cookies;

  @Test
  void theOldestIsFirst() {
    var young = to("10.1.2.3", 0, 5);
    var old = to("10.1.2.3", 0, 5_000);

    assertThat(queues(List.of(listener("0.0.0.0", 0)), young, old).getFirst().waiting())
        .containsExactly(old, young);
  }

  @Test
  void aConnectionWaitsAtTheListenerThatIsMostExact() {
    var all = listener("0.0.0.0", 0);
    var one = listener("10.1.2.3", 0);
    var device = listener("0.0.0.0", 2);

    var queues =
        queues(
            List.of(all, one, device),
            to("10.1.2.3", 0, 1),
            to("10.1.2.4", 0, 2),
            to("10.1.2.3", 2, 3));

    assertThat(queues)
        .extracting(queue -> queue.listeners().getFirst())
        .containsExactly(all, one, device);
    assertThat(queues)
        .extracting(queue -> queue.waiting().getFirst().idleMillis())
        .containsExactly(2L, 1L, 3L);
  }

  @Test
  void aConnectionHasTheFamilyOfItsListener() {
    var queues =
        queues(
            List.of(listener("0.0.0.0", 0), listener("::", 0)),
            to("10.1.2.3", 0, 1),
            to("2001:db8::1", 0, 2),
            to("::ffff:10.1.2.3", 0, 3));

    assertThat(queues.getFirst().waiting()).extracting(Connection::idleMillis).containsExactly(1L);
    assertThat(queues.getLast().waiting())
        .extracting(Connection::idleMillis)
        .containsExactly(3L, 2L);
  }

  @Test
  void aMappedWildcardTakesMappedConnectionsAlone() {
    var queues =
        queues(
            List.of(listener("::ffff:0.0.0.0", 0)),
            to("2001:db8::1", 0, 2),
            to("::ffff:10.1.2.3", 0, 3));

    assertThat(queues.getFirst().waiting()).extracting(Connection::idleMillis).containsExactly(3L);
  }

  @Test
  void aGroupHasOneQueueAndWhatFitsNobodyIsLeftOut() {
    var queues =
        queues(
            List.of(listener("10.1.2.3", 0), listener("10.1.2.3", 0)),
            to("10.1.2.3", 0, 1),
            to("10.9.9.9", 0, 1));

    assertThat(queues).hasSize(1);
    assertThat(queues.getFirst().listeners()).hasSize(2);
    assertThat(queues.getFirst().waiting()).hasSize(1);
  }

  @Test
  void anEndIsToldAsPeopleWriteIt() {
    assertThat(new Endpoint(Addresses.of("10.0.3.7"), 49511).text()).isEqualTo("10.0.3.7:49511");
    assertThat(new Endpoint(Addresses.of("::ffff:10.0.3.7"), 1).text()).isEqualTo("10.0.3.7:1");
    assertThat(new Endpoint(Addresses.of("2001:db8::1"), 80).text()).isEqualTo("[2001:db8::1]:80");
  }

  private static List<AcceptQueue> queues(List<Listener> listeners, Connection... connections) {
    return AcceptQueue.of(listeners, Arrays.asList(connections));
  }

  private Listener listener(String address, int device) {
    return new Listener(new ListenerId(Addresses.of(address), 9876, device, ++cookies), 7, 1, 5, 0);
  }

  private Connection to(String address, int device, long ageMillis) {
    var peer = new Endpoint(Addresses.of("10.0.3.7"), 49511);
    var local = new Endpoint(Addresses.of(address), 9876);
    return new Connection(local, device, peer, ++cookies, 0, 0, ageMillis, ageMillis);
  }
}
