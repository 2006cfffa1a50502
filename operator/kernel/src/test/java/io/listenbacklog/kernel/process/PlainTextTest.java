package io.listenbacklog.kernel.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainTextTest {

  @Test
  void whatSteersATerminalOrIsInvisibleIsLeftOut() {
    assertThat(PlainText.of("a\u001b[31mb\u202ec\u200bd\u0000e\ud800f", 100))
        .isEqualTo("a[31mbcdef");
  }

  @Test
  void aLinesEndBecomesABlank() {
    assertThat(PlainText.of("a\nb\tc\u2028d", 100)).isEqualTo("a b c d");
  }

  @Test
  void lengthIsBoundedInCharactersAndNoneIsCutInHalf() {
    assertThat(PlainText.of("😀😀😀", 2)).isEqualTo("😀😀");
  }

  @Test
  void bytesThatAreNotUtf8AreReplaced() {
    assertThat(PlainText.of(new byte[] {'a', (byte) 0xff, 'b'}, 10)).isEqualTo("a\ufffdb");
  }
}
