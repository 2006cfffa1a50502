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

  @Test
  void passiveOpensAreThoseOfTcp() {
    var snmp =
        """
        Icmp: PassiveOpens
        Icmp: 5
        Tcp: ActiveOpens PassiveOpens InErrs
        Tcp: 1 2 3""";

    assertThat(Netstat.passiveOpens(snmp)).hasValue(2);
    assertThat(Netstat.passiveOpens("Tcp: ActiveOpens\nTcp: 1\n")).isEmpty();
    assertThat(Netstat.passiveOpens("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "TcpExt: ListenOverflows\n",
        "TcpExt: ListenOverflows\nTcpExt:\n",
        "TcpExt: ListenOverflows\nTcpExt: many\n",
        "TcpExt: Other\nTcpExt: 5\n",
        "TcpExt: AListenOverflows ListenOverflowsB\nTcpExt: 5 6\n",
        "XTcpExt: ListenOverflows\nXTcpExt: 5\n",
        "TcpExt: ListenOverflows\nTcpExt: ",
        "TcpExt: Other ListenOverflows\nTcpExt: 5\nTcpExt: 6 7\n",
      })
  void whatTheKernelDoesNotHaveIsZero(String netstat) {
    assertThat(Netstat.counters(netstat)).isEqualTo(new NetCounters(0, 0, 0, 0));
  }
}
