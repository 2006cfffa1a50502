package io.listenbacklog.kernel.relisten;

import io.listenbacklog.kernel.testing.CHeaders;
import io.listenbacklog.kernel.testing.HeadersContract;

class ListenerSocketTest implements HeadersContract {

  @Override
  public CHeaders said() {
    return new CHeaders()
        .fields("tcp_info", ListenerSocket.TCP_INFO_HEAD)
        .value("IPPROTO_TCP", ListenerSocket.IPPROTO_TCP)
        .value("IPPROTO_MPTCP", ListenerSocket.IPPROTO_MPTCP)
        .value("SOL_SOCKET", ListenerSocket.SOL_SOCKET)
        .value("SO_ACCEPTCONN", ListenerSocket.SO_ACCEPTCONN)
        .value("SO_PROTOCOL", ListenerSocket.SO_PROTOCOL)
        .value("SO_PEERCRED", ListenerSocket.SO_PEERCRED)
        .value("SO_DOMAIN", ListenerSocket.SO_DOMAIN)
        .struct("ucred", ListenerSocket.UCRED)
        .value("TCP_DEFER_ACCEPT", ListenerSocket.TCP_DEFER_ACCEPT)
        .value("SO_COOKIE", ListenerSocket.SO_COOKIE)
        .value("TCP_INFO", ListenerSocket.TCP_INFO)
        .value("TCP_LISTEN", ListenerSocket.TCP_LISTEN);
  }
}
