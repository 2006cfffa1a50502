package io.listenbacklog.kernel.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.listenbacklog.kernel.testing.DatagramReceiver;
import io.listenbacklog.kernel.testing.Need;
import io.listenbacklog.kernel.testing.Needs;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets: the receiver is another program. */
@Needs(Need.PYTHON)
class UnixDatagramTest {
  private final LinuxC linux = new LibC();

  @TempDir private Path folder;

  @Test
  void whatIsSentToAPathArrivesAsItIs() throws IOException {
    String path = folder.resolve("notify").toString();
    try (var receiver = DatagramReceiver.at(path)) {
      var datagram = UnixDatagram.to(linux, path);
      datagram.send("READY=1\nSTATUS=two lines".getBytes(UTF_8));
      datagram.send("STOPPING=1".getBytes(UTF_8));

      assertThat(receiver.next()).isEqualTo("READY=1\nSTATUS=two lines");
      assertThat(receiver.next()).isEqualTo("STOPPING=1");
    }
  }

  /** Of an abstract name each byte counts: one 0 more, and it is another's. */
  @Test
  void anAbstractNameIsAsLongAsItIs() throws IOException {
    String name = "@listen-backlog-test-" + ProcessHandle.current().pid();
    try (var receiver = DatagramReceiver.at(name)) {
      UnixDatagram.to(linux, name).send("READY=1".getBytes(UTF_8));

      assertThat(receiver.next()).isEqualTo("READY=1");
    }
  }

  @Test
  void theLongestNamesAreReachedAndLongerOnesRefused() throws IOException {
    String longest = "@" + "a".repeat(100) + ProcessHandle.current().pid();
    String full = (longest + "b".repeat(107)).substring(0, 108);
    try (var receiver = DatagramReceiver.at(full)) {
      UnixDatagram.to(linux, full).send("READY=1".getBytes(UTF_8));
      assertThat(receiver.next()).isEqualTo("READY=1");
    }
    assertThatThrownBy(() -> UnixDatagram.to(linux, full + "b"))
        .isInstanceOf(SyscallException.class)
        .hasMessageContaining("ENAMETOOLONG");
    assertThatThrownBy(() -> UnixDatagram.to(linux, "/" + "a".repeat(107)))
        .hasMessageContaining("ENAMETOOLONG");
  }

  @Test
  void whereNobodyReceivesTheCallAndTheErrnoAreSaid() throws IOException {
    String path = folder.resolve("nobody").toString();
    var datagram = UnixDatagram.to(linux, path);
    assertThatThrownBy(() -> datagram.send(new byte[] {1}))
        .isInstanceOf(SyscallException.class)
        .hasMessage("sendto(%s): ENOENT (2)".formatted(path));

    DatagramReceiver.at(path).close();
    assertThatThrownBy(() -> datagram.send(new byte[] {1}))
        .hasMessage("sendto(%s): ECONNREFUSED (111)".formatted(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"vsock:2:1234", "run/notify", ""})
  void whatIsNoUnixSocketIsRefused(String address) {
    assertThatThrownBy(() -> UnixDatagram.to(linux, address))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no path of a UNIX socket");
  }
}
