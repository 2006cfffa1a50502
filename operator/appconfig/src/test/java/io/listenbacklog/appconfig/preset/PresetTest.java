package io.listenbacklog.appconfig.preset;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PresetTest {

  @ParameterizedTest
  @EnumSource
  void isFoundByItsSpellingAndSaysHowItIsWritten(Preset preset) {
    assertThat(Preset.of(preset.spelling())).contains(preset);
    assertThat(preset.ways()).isNotEmpty();
  }
}
