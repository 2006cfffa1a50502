package io.listenbacklog.kernel.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PortListingTest {
  private final Table table = new Table();

  /** A table that counts its dumps. */
  private static final class Table implements ListenerTable {
    final List<Listener> listening = new ArrayList<>();
    int dumps;

    Listener listen(int port) {
      var id = new ListenerId(Addresses.of("0.0.0.0"), port, 0, listening.size() + 1L);
      var listener = new Listener(id, listening.size() + 1L, 0, 5, 0);
      listening.add(listener);
      return listener;
    }

    @Override
    public List<Listener> all() {
      dumps++;
      return listening.stream().limit(MOST).toList();
    }

    @Override
    public List<Listener> onPort(int port) {
      dumps++;
      return listening.stream().filter(each -> each.id().port() == port).limit(MOST).toList();
    }

    @Override
    public List<Listener> known(Collection<ListenerId> ids) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Map<ListenerId, Integer> synReceived(Collection<ListenerId> ids) {
      throw new UnsupportedOperationException();
    }
  }

  private static Set<Integer> ports(int from, int count) {
    var ports = new TreeSet<Integer>();
    IntStream.range(from, from + count).forEach(ports::add);
    return ports;
  }

  @Test
  void manyPortsAreReadByOneDump() throws IOException {
    var first = table.listen(80);
    table.listen(79);
    var last = table.listen(5_000);

    var listing = PortListing.of(table, ports(80, 5_000));

    assertThat(listing.listeners()).containsExactlyInAnyOrder(first, last);
    assertThat(listing.whole()).isEqualTo(ports(80, 5_000));
    assertThat(table.dumps).isOne();
  }

  @Test
  void fewPortsAreReadByThemselves() throws IOException {
    var listener = table.listen(80);
    table.listen(90);

    var listing = PortListing.of(table, ports(80, 3));

    assertThat(listing.listeners()).containsExactly(listener);
    assertThat(listing.whole()).isEqualTo(ports(80, 3));
    assertThat(table.dumps).isEqualTo(3);
  }

  @Test
  void whereADumpIsCutOnlyTheFirstPortsAreWhole() throws IOException {
    for (int each = 0; each < ListenerTable.MOST; each++) table.listen(9);
    var listener = table.listen(1_000);
    table.listen(2_000);

    var listing = PortListing.of(table, ports(1_000, 5_000));

    assertThat(listing.listeners()).containsExactly(listener);
    assertThat(listing.whole()).isEqualTo(ports(1_000, PortListing.BY_THEMSELVES));
    assertThat(table.dumps).isEqualTo(1 + PortListing.BY_THEMSELVES);
  }

  @Test
  void aPortThatIsCutIsNotWholeAndNothingMoreIsRead() throws IOException {
    for (int each = 0; each <= ListenerTable.MOST; each++) table.listen(80);
    table.listen(81);

    var listing = PortListing.of(table, ports(80, 2));

    assertThat(listing.listeners()).hasSize(ListenerTable.MOST);
    assertThat(listing.whole()).isEmpty();
    assertThat(table.dumps).isOne();
  }
}
