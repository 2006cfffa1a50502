package io.listenbacklog.kernel.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class PlainTextFuzzTest {

  static Stream<byte[]> seeds() {
    return Stream.of("octavia-api (naïve 🐙)", "a\u001b[31mb\u202ec\u200bd\0e")
        .map(seed -> seed.getBytes(UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void whatIsLeftIsBoundedVisibleAndCleanAlready(byte[] bytes) {
    int limit = bytes.length == 0 ? 0 : bytes[0] & 0xff;

    var clean = PlainText.of(bytes, limit);

    assertThat(clean.codePointCount(0, clean.length())).isLessThanOrEqualTo(limit);
    assertThat(clean.lines().count()).isLessThanOrEqualTo(1);
    assertThat(clean.codePoints())
        .noneMatch(Character::isISOControl)
        .noneMatch(character -> Character.getType(character) == Character.FORMAT);
    assertThat(new String(clean.getBytes(UTF_8), UTF_8)).isEqualTo(clean);
    assertThat(PlainText.of(clean, limit)).isEqualTo(clean);
  }
}
