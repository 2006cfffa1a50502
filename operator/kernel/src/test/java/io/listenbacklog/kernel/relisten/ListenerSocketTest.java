package io.listenbacklog.kernel.relisten;

import static io.listenbacklog.kernel.testing.Need.GCC;

import io.listenbacklog.kernel.testing.CHeaders;
import io.listenbacklog.kernel.testing.Needs;
import org.junit.jupiter.api.Test;

@Needs(GCC)
class ListenerSocketTest {

  @Test
  void theHeadersAgree() {
    new CHeaders()
        .fields("tcp_info", ListenerSocket.TCP_INFO_HEAD)
        .value("IPPROTO_TCP", ListenerSocket.IPPROTO_TCP)
        .value("IPPROTO_MPTCP", ListenerSocket.IPPROTO_MPTCP)
        .value("SOL_SOCKET", ListenerSocket.SOL_SOCKET)
        .value("SO_ACCEPTCONN", ListenerSocket.SO_ACCEPTCONN)
        .value("SO_PROTOCOL", ListenerSocket.SO_PROTOCOL)
        .value("SO_COOKIE", ListenerSocket.SO_COOKIE)
        .value("TCP_INFO", ListenerSocket.TCP_INFO)
        .value("TCP_LISTEN", ListenerSocket.TCP_LISTEN)
        .agree();
  }
}
