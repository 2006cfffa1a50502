package io.listenbacklog.kernel.sockdiag;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.listenbacklog.kernel.socket.Addresses;
import io.listenbacklog.kernel.socket.ListenerId;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class DiagReplyFuzzTest {

  static Stream<byte[]> seeds() {
    try (var memory = Arena.ofConfined()) {
      var id = new ListenerId(Addresses.of("10.1.2.3"), 9876, 2, 0x1122334455667788L);
      return Stream.of(
          DiagMessages.listener(memory, id, 7, 6, 5, 118).toArray(JAVA_BYTE),
          DiagMessages.connection(memory, (byte) 1, 0, 384, 12_400, 12_300).toArray(JAVA_BYTE));
    }
  }

  @MethodSource("seeds")
  @FuzzTest
  void whatIsReceivedIsListenersOrAnIoException(byte[] received) {
    try (var memory = Arena.ofConfined()) {
      var copy = memory.allocate(received.length, 8);
      MemorySegment.copy(received, 0, copy, JAVA_BYTE, 0, received.length);
      read(new DiagReply(copy), received.length);
    } catch (IOException e) {
      assertThat(e).hasMessageMatching("(netlink message|attribute) .*");
    }
  }

  private static void read(DiagReply reply, int length) throws IOException {
    int header = 16;
    for (int messages = 0; reply.next(); messages++) {
      assertThat(messages).isLessThan(length / header);
      reply.errno();
      reply.ifSynReceived((_, port) -> assertThat(port).isBetween(0, 65535));
      var connection = reply.connection();
      if (connection != null) {
        assertThat(connection.unreadBytes()).isBetween(0L, 0xffff_ffffL);
        assertThat(connection.idleMillis()).isBetween(0L, 0xffff_ffffL);
        assertThat(connection.silentMillis()).isBetween(0L, 0xffff_ffffL);
      }
      var listener = reply.listener();
      if (listener == null) continue;
      var id = listener.id();
      assertThat(id.port()).isBetween(1, 65535);
      assertThat(listener.inode()).isBetween(0L, 0xffff_ffffL);
      assertThat(listener.queue()).isNotNegative();
      assertThat(listener.backlog()).isNotNegative();
      assertThat(listener.drops()).isBetween(0L, 0xffff_ffffL);
      // Asked for itself it is the answer; asked for another socket it is none.
      assertThat(reply.listener(id)).isEqualTo(listener);
      var other = new ListenerId(id.address(), id.port(), id.device(), ~id.cookie());
      assertThat(reply.listener(other)).isNull();
    }
  }
}
