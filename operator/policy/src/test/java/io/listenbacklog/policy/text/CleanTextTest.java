package io.listenbacklog.policy.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CleanTextTest {

  @Test
  void ordinaryTextStaysAsItIs() {
    assertThat(CleanText.of("octavia-api (naïve 🐙)", 100)).isEqualTo("octavia-api (naïve 🐙)");
  }

  @Test
  void whatTurnsHidesOrBreaksTextIsReplaced() {
    assertThat(CleanText.of("a\nb\u001b[31m\u202ec\u2028d\ud800e\0", 100))
        .isEqualTo("a?b?[31m?c?d?e?");
  }

  @Test
  void whatIsTooLongEndsInAnEllipsisAtAWholeCharacter() {
    assertThat(CleanText.of("üüüü", 8)).isEqualTo("üüüü");
    assertThat(CleanText.of("üüüüü", 8)).isEqualTo("üü…");
    assertThat(CleanText.of("a🐙🐙", 8)).isEqualTo("a🐙…");
  }

  @Test
  void aMegabyteIsCutWithoutBeingReadWhole() {
    assertThat(CleanText.of("x".repeat(1 << 20), 128).getBytes(UTF_8)).hasSize(128);
  }

  @Test
  void noTextMakesItThrowOrExceedItsLimit() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      random.ints(random.nextInt(40), 0, 0x10000).forEach(c -> text.append((char) c));
      int most = 3 + random.nextInt(60);
      String clean = CleanText.of(text.toString(), most);
      assertThat(clean.getBytes(UTF_8))
          .as("seed %d, text %d", seed, i)
          .hasSizeLessThanOrEqualTo(most);
      assertThat(new String(clean.getBytes(UTF_8), UTF_8)).as("seed %d", seed).isEqualTo(clean);
    }
  }
}
