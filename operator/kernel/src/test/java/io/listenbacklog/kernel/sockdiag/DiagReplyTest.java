package io.listenbacklog.kernel.sockdiag;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.listenbacklog.kernel.socket.Addresses;
import io.listenbacklog.kernel.socket.Connection;
import io.listenbacklog.kernel.socket.Endpoint;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DiagReplyTest {
  private static final ListenerId ID =
      new ListenerId(Addresses.of("10.1.2.3"), 9876, 2, 0x1122334455667788L);

  private final Arena memory = Arena.ofConfined();

  @AfterEach
  void free() {
    memory.close();
  }

  @Test
  void aListenerIsReadWithItsDrops() throws IOException {
    assertThat(onlyListener(DiagMessages.listener(memory, ID, 7, 6, 5, 118)))
        .isEqualTo(new Listener(ID, 7, 6, 5, 118));
  }

  @Test
  void anIpv6ListenerKeepsAllItsAddress() throws IOException {
    var id = new ListenerId(Addresses.of("2001:db8:1:2:3:4:5:6"), 80, 0, 1);

    assertThat(onlyListener(DiagMessages.listener(memory, id, 7, 0, 5, 0)))
        .isEqualTo(new Listener(id, 7, 0, 5, 0));
  }

  @Test
  void severalMessagesAreReadOneAfterTheOther() throws IOException {
    var one = DiagMessages.listener(memory, ID, 7, 6, 5, 118);
    var two = memory.allocate(one.byteSize() * 2, 8);
    two.copyFrom(one);
    two.asSlice(one.byteSize()).copyFrom(one);

    var reply = new DiagReply(two);

    assertThat(reply.next()).isTrue();
    assertThat(reply.next()).isTrue();
    assertThat(reply.listener()).isEqualTo(new Listener(ID, 7, 6, 5, 118));
    assertThat(reply.next()).isFalse();
  }

  @Test
  void aConnectionThatWaitsIsReadWithItsAge() throws IOException {
    var expected =
        new Connection(
            new Endpoint(Addresses.of("10.1.2.3"), 9876),
            0,
            new Endpoint(Addresses.of("10.0.3.7"), 49511),
            12,
            0,
            384,
            12_400,
            12_300);

    var established = DiagMessages.connection(memory, (byte) 1, 0, 384, 12_400, 12_300);
    assertThat(onlyConnection(established)).isEqualTo(expected);

    // The FIN of a client that gave up is counted by the kernel, and is no byte.
    var given = DiagMessages.connection(memory, (byte) 8, 0, 385, 12_400, 12_300);
    assertThat(onlyConnection(given)).isEqualTo(expected);
  }

  @Test
  void aSocketOfAnotherStateOrWithoutAnAgeIsNoConnection() throws IOException {
    assertThat(onlyConnection(DiagMessages.connection(memory, (byte) 6, 0, 1, 2, 3))).isNull();
    assertThat(onlyConnection(DiagMessages.listener(memory, ID, 7, 6, 5, 118))).isNull();
    var shorter = DiagMessages.connection(memory, (byte) 1, 0, 1, 2, 3);
    shorter.set(JAVA_SHORT, 88, (short) 40);
    shorter.set(JAVA_SHORT, 92 + 36, (short) 24);
    assertThat(onlyConnection(shorter)).isNull();
  }

  private static @Nullable Connection onlyConnection(MemorySegment message) throws IOException {
    var reply = new DiagReply(message);
    assertThat(reply.next()).isTrue();
    return reply.connection();
  }

  @Test
  void anAnswerThatIsAnotherSocketIsNone() throws IOException {
    var message = DiagMessages.listener(memory, ID, 7, 6, 5, 0);
    for (var asked :
        new ListenerId[] {
          new ListenerId(ID.address(), ID.port(), ID.device(), 1),
          new ListenerId(Addresses.of("0.0.0.0"), ID.port(), ID.device(), ID.cookie()),
          new ListenerId(Addresses.of("::ffff:10.1.2.3"), ID.port(), ID.device(), ID.cookie()),
          new ListenerId(ID.address(), 80, ID.device(), ID.cookie()),
          new ListenerId(ID.address(), ID.port(), 0, ID.cookie()),
        }) {
      assertThat(answerTo(asked, message)).as(asked.text()).isNull();
    }
    assertThat(answerTo(ID, message)).isNotNull();
  }

  @Test
  void aSocketThatDoesNotListenIsNone() throws IOException {
    var message = DiagMessages.listener(memory, ID, 7, 6, 5, 0);
    message.set(JAVA_BYTE, 16 + 1, (byte) 1); // TCP_ESTABLISHED

    assertThat(onlyListener(message)).isNull();
    assertThat(answerTo(ID, message)).isNull();
  }

  @Test
  void aListenerWithoutMeminfoHasNoDrops() throws IOException {
    var message = DiagMessages.listener(memory, ID, 7, 6, 5, 118).asSlice(0, 16 + 72);
    message.set(JAVA_INT, 0, 16 + 72);

    assertThat(onlyListener(message)).isEqualTo(new Listener(ID, 7, 6, 5, 0));
  }

  @Test
  void aMessageThatSaysItIsLongerThanWhatCameIsRefused() {
    var message = DiagMessages.listener(memory, ID, 7, 6, 5, 0);
    for (int length : new int[] {0, 15, (int) message.byteSize() + 1, Integer.MAX_VALUE, -1}) {
      message.set(JAVA_INT, 0, length);
      assertThatThrownBy(() -> new DiagReply(message).next())
          .as("length %d", length)
          .isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> new DiagReply(message.asSlice(0, 12)).next())
        .isInstanceOf(IOException.class)
        .hasMessage("netlink message of 12 bytes");
  }

  @Test
  void nothingIsReadBeyondTheAnswersOwnPartOfTheBuffer() throws IOException {
    var message = DiagMessages.listener(memory, ID, 7, 6, 5, 118);
    long length = message.byteSize();
    var buffer = memory.allocate(3 * 1024, 8);
    for (int part = 0; part < 3; part++) buffer.asSlice(1024L * part, length).copyFrom(message);

    var reply = new DiagReply(buffer, 1024, length);
    assertThat(reply.next()).isTrue();
    assertThat(reply.listener(ID)).isEqualTo(new Listener(ID, 7, 6, 5, 118));
    assertThat(reply.next()).isFalse();

    buffer.set(JAVA_INT, 1024, (int) length + 4);
    assertThatThrownBy(() -> new DiagReply(buffer, 1024, length).next())
        .isInstanceOf(IOException.class);
  }

  @Test
  void theAnswerOfAnotherAddressIsNotTheOneThatWasAskedFor() throws IOException {
    var v6 = new ListenerId(Addresses.of("2001:db8:1:2:3:4:5:6"), ID.port(), 0, ID.cookie());
    var other = new ListenerId(Addresses.of("2001:db8:1:2:3:4:5:7"), ID.port(), 0, ID.cookie());
    var message = DiagMessages.listener(memory, v6, 7, 0, 5, 0);

    assertThat(answerTo(v6, message)).isEqualTo(new Listener(v6, 7, 0, 5, 0));
    assertThat(answerTo(other, message)).isNull();
    assertThat(answerTo(ID, message)).isNull();
    assertThat(answerTo(v6, DiagMessages.listener(memory, ID, 7, 0, 5, 0))).isNull();
  }

  @Test
  void aMessageThatIsTooShortForAListenerIsRefused() throws IOException {
    var message = DiagMessages.listener(memory, ID, 7, 6, 5, 0).asSlice(0, 80);
    message.set(JAVA_INT, 0, 80);
    var reply = new DiagReply(message);
    assertThat(reply.next()).isTrue();

    assertThatThrownBy(reply::listener).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> reply.listener(ID)).isInstanceOf(IOException.class);
  }

  @Test
  void anAttributeThatLiesAboutItsLengthIsRefused() throws IOException {
    for (int length : new int[] {0, 3, 41, 0xffff}) {
      var message = DiagMessages.listener(memory, ID, 7, 6, 5, 0);
      message.set(JAVA_SHORT, 16 + 72, (short) length);
      var reply = new DiagReply(message);
      assertThat(reply.next()).isTrue();
      assertThatThrownBy(reply::listener).as("length %d", length).isInstanceOf(IOException.class);
    }
  }

  @Test
  void whateverIsReceivedIsAnAnswerOrAnIoException() {
    long seed = System.nanoTime();
    System.out.println("DiagReplyTest seed " + seed);
    var random = new Random(seed);
    var message = DiagMessages.listener(memory, ID, 7, 6, 5, 118);
    var broken = memory.allocate(message.byteSize() * 3, 8);
    for (int round = 0; round < 50_000; round++) {
      for (int copy = 0; copy < 3; copy++) {
        broken.asSlice(copy * message.byteSize()).copyFrom(message);
      }
      for (int change = random.nextInt(8); change >= 0; change--) {
        broken.set(JAVA_BYTE, random.nextInt((int) broken.byteSize()), (byte) random.nextInt());
      }
      var received = broken.asSlice(0, random.nextInt((int) broken.byteSize() + 1));
      try {
        var reply = new DiagReply(received);
        while (reply.next()) {
          reply.listener();
          reply.listener(ID);
          reply.errno();
        }
      } catch (IOException e) {
        assertThat(e).hasMessageMatching("(netlink message|attribute) .*");
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static @Nullable Listener onlyListener(MemorySegment message) throws IOException {
    var reply = new DiagReply(message);
    assertThat(reply.next()).isTrue();
    return reply.listener();
  }

  private static @Nullable Listener answerTo(ListenerId asked, MemorySegment message)
      throws IOException {
    var reply = new DiagReply(message);
    assertThat(reply.next()).isTrue();
    return reply.listener(asked);
  }
}
