package io.listenbacklog.kernel.sockdiag;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.kernel.testing.CHeaders;
import io.listenbacklog.kernel.testing.HeadersContract;
import org.junit.jupiter.api.Test;

class InetDiagTest implements HeadersContract {

  @Test
  void theStructsHaveTheirSizes() {
    assertThat(InetDiag.NLMSGHDR.byteSize()).isEqualTo(16);
    assertThat(InetDiag.SOCKID.byteSize()).isEqualTo(48);
    assertThat(InetDiag.REQUEST_V2.byteSize()).isEqualTo(56);
    assertThat(InetDiag.LEGACY_REQUEST.byteSize()).isEqualTo(60);
    assertThat(InetDiag.MESSAGE.byteSize()).isEqualTo(72);
    assertThat(UnixDiag.REQUEST.byteSize()).isEqualTo(24);
    assertThat(UnixDiag.MESSAGE.byteSize()).isEqualTo(16);
  }

  @Override
  public CHeaders said() {
    return new CHeaders()
        .struct("nlmsghdr", InetDiag.NLMSGHDR)
        .struct("nlattr", InetDiag.NLATTR)
        .struct("inet_diag_sockid", InetDiag.SOCKID)
        .struct("inet_diag_req_v2", InetDiag.REQUEST_V2)
        .struct("inet_diag_req", InetDiag.LEGACY_REQUEST)
        .struct("inet_diag_msg", InetDiag.MESSAGE)
        .struct("unix_diag_req", UnixDiag.REQUEST)
        .struct("unix_diag_msg", UnixDiag.MESSAGE)
        .struct("unix_diag_rqlen", UnixDiag.RQLEN)
        .value("UDIAG_SHOW_NAME", UnixDiag.UDIAG_SHOW_NAME)
        .value("UDIAG_SHOW_RQLEN", UnixDiag.UDIAG_SHOW_RQLEN)
        .value("UNIX_DIAG_NAME", UnixDiag.UNIX_DIAG_NAME)
        .value("UNIX_DIAG_RQLEN", UnixDiag.UNIX_DIAG_RQLEN)
        .fields("tcp_info", InetDiag.TCP_INFO)
        .struct("iovec", DiagBuffers.IOVEC)
        .value("sizeof(struct mmsghdr)", DiagBuffers.MMSGHDR.byteSize())
        .value("offsetof(struct mmsghdr, msg_len)", InetDiag.offset(DiagBuffers.MMSGHDR, "msg_len"))
        .value(
            "offsetof(struct mmsghdr, msg_hdr.msg_iov)",
            InetDiag.offset(DiagBuffers.MMSGHDR, "msg_iov"))
        .value(
            "offsetof(struct mmsghdr, msg_hdr.msg_iovlen)",
            InetDiag.offset(DiagBuffers.MMSGHDR, "msg_iovlen"))
        .value(
            "offsetof(struct mmsghdr, msg_hdr.msg_flags)",
            InetDiag.offset(DiagBuffers.MMSGHDR, "msg_flags"))
        .value("NETLINK_SOCK_DIAG", InetDiag.NETLINK_SOCK_DIAG)
        .value("NLM_F_REQUEST", InetDiag.NLM_F_REQUEST)
        .value("NLM_F_DUMP", InetDiag.NLM_F_DUMP)
        .value("NLM_F_DUMP_INTR", InetDiag.NLM_F_DUMP_INTR)
        .value("NLMSG_ERROR", InetDiag.NLMSG_ERROR)
        .value("NLMSG_DONE", InetDiag.NLMSG_DONE)
        .value("TCPDIAG_GETSOCK", InetDiag.TCPDIAG_GETSOCK)
        .value("SOCK_DIAG_BY_FAMILY", InetDiag.SOCK_DIAG_BY_FAMILY)
        .value("TCP_ESTABLISHED", InetDiag.TCP_ESTABLISHED)
        .value("TCP_SYN_RECV", InetDiag.TCP_SYN_RECV)
        .value("TCP_CLOSE_WAIT", InetDiag.TCP_CLOSE_WAIT)
        .value("TCP_LISTEN", InetDiag.TCP_LISTEN)
        .value("IPPROTO_TCP", InetDiag.IPPROTO_TCP)
        .value("INET_DIAG_INFO", InetDiag.INET_DIAG_INFO)
        .value("INET_DIAG_SKMEMINFO", InetDiag.INET_DIAG_SKMEMINFO)
        .value("SK_MEMINFO_DROPS", InetDiag.SK_MEMINFO_DROPS);
  }
}
