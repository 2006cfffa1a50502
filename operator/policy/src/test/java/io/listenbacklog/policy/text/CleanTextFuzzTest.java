package io.listenbacklog.policy.text;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class CleanTextFuzzTest {

  static Stream<byte[]> seeds() {
    return Stream.of(
        " octavia-api (naïve 🐙)".getBytes(UTF_8),
        "\na\u001b[31mb\u202ec\u2028d\0e".getBytes(UTF_8),
        "\u0010🐙🐙🐙🐙🐙".getBytes(UTF_16BE));
  }

  /** As UTF-8, and as the pairs of bytes that a string may hold, lone halves of a pair included. */
  @MethodSource("seeds")
  @FuzzTest
  void whatIsLeftFitsIsVisibleAndCleanAlready(byte[] bytes) {
    int most = 3 + (bytes.length == 0 ? 0 : bytes[0] & 0xff);
    assertIsClean(new String(bytes, UTF_8), most);
    var characters = new char[bytes.length / 2];
    ByteBuffer.wrap(bytes).asCharBuffer().get(characters);
    assertIsClean(new String(characters), most);
  }

  private static void assertIsClean(String text, int most) {
    var clean = CleanText.of(text, most);

    assertThat(clean.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(most);
    assertThat(new String(clean.getBytes(UTF_8), UTF_8)).isEqualTo(clean);
    assertThat(clean.lines().count()).isLessThanOrEqualTo(1);
    assertThat(clean.codePoints())
        .noneMatch(Character::isISOControl)
        .noneMatch(character -> Character.getType(character) == Character.FORMAT);
    assertThat(CleanText.of(clean, most)).isEqualTo(clean);
  }
}
