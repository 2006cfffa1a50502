package io.listenbacklog.kernel.netns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetstatTest {

  @Test
  void countersAreFoundByNameWhereverTheyStand() {
    var netstat =
        """
        TcpExt: SyncookiesSent ListenOverflows Other ListenDrops TCPReqQFullDrop TCPReqQFullDoCookies
        TcpExt: 1 2 3 4 18446744073709551615 6
        IpExt: ListenOverflows
        IpExt: 77
        """;

    assertThat(Netstat.counters(netstat)).isEqualTo(new NetCounters(2, 4, 6, -1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "TcpExt: ListenOverflows\n",
        "TcpExt: ListenOverflows\nTcpExt:\n",
        "TcpExt: ListenOverflows\nTcpExt: many\n",
        "TcpExt: Other\nTcpExt: 5\n",
      })
  void whatTheKernelDoesNotHaveIsZero(String netstat) {
    assertThat(Netstat.counters(netstat)).isEqualTo(new NetCounters(0, 0, 0, 0));
  }
}
