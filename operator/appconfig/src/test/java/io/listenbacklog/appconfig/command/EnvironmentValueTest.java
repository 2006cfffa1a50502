package io.listenbacklog.appconfig.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.appconfig.command.EnvironmentValue.Changed;
import io.listenbacklog.appconfig.command.EnvironmentValue.Refused;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentValueTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "-|--backlog=$(backlog)|--backlog=64|-",
        "''|--backlog=$(backlog)|--backlog=64|-",
        "-w 4|--backlog=$(backlog)|-w 4 --backlog=64|-",
        "'-w 4 '|--backlog=$(backlog)|-w 4 --backlog=64|-",
        "--backlog=5 -w 4|--backlog=$(backlog)|--backlog=64 -w 4|5",
        "-w 4 --backlog 5 --reload|--backlog=$(backlog)|-w 4 --backlog 64 --reload|5",
        "--name \"a --backlog=7\" '--backlog=5'|--backlog=$(backlog)|--name \"a --backlog=7\" '--backlog=64'|5",
        "--name=\"a b\"|--backlog $(backlog)|--name=\"a b\" --backlog 64|-",
        "--backlog=5|--backlog $(backlog)|--backlog=64|5",
        "-p 80 -b5|-b$(backlog)|-p 80 -b64|5",
        "-p a=1 -p listen_depth=5|-p listen_depth=$(backlog)|-p a=1 -p listen_depth=64|5",
        "-Da=b|-Dbacklog=$(backlog)|-Da=b -Dbacklog=64|-",
      })
  void oneFlagIsSetAndAllElseStays(
      @Nullable String current, String value, String expected, @Nullable String from) {
    var changed = (Changed) EnvironmentValue.set(current, value, Combine.APPEND, 64);

    assertThat(changed).isEqualTo(new Changed(expected, from));
    assertThat(EnvironmentValue.set(expected, value, Combine.APPEND, 64))
        .isEqualTo(new Changed(expected, "64"));
    assertThat(undo(current, expected, expected)).isEqualTo(current);
    // Somebody else's flag that came later stays.
    assertThat(undo(current, expected, expected + " --more"))
        .isEqualTo(((current == null ? "" : current.strip()) + " --more").strip());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--backlog=5 --backlog=6|--backlog=$(backlog)|more than once",
        "--backlog=$(N)|--backlog=$(backlog)|no number",
        "--name 'a|--backlog=$(backlog)|quote",
        "-w 4|--backlog=64|$(backlog)",
        "-w 4|--backlog=$(backlog) -x|one flag",
        "--backlog=\\5|--backlog=$(backlog)|escapes",
      })
  void whatIsNotClearIsRefused(String current, String value, String reason) {
    assertThat(EnvironmentValue.set(current, value, Combine.APPEND, 64))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).contains(reason));
  }

  @Test
  void aWholeValueIsSetAndTakenBack() {
    assertThat(EnvironmentValue.set("2048", "$(backlog)", Combine.SET, 64))
        .isEqualTo(new Changed("64", "2048"));
    assertThat(EnvironmentValue.set(null, "$(backlog)", Combine.SET, 64))
        .isEqualTo(new Changed("64", null));
    assertThat(EnvironmentValue.set("x", "n=$(backlog);", Combine.SET, 64))
        .isEqualTo(new Changed("n=64;", null));
    assertThat(undo("2048", "64", "64")).isEqualTo("2048");
    assertThat(undo(null, "64", "64")).isNull();
  }

  @Test
  void whatSomebodyElseChangedIsLeftToThem() {
    assertThat(EnvironmentValue.undo("2048", "64", "128")).isInstanceOf(Refused.class);
    assertThat(EnvironmentValue.undo("2048", "64", null)).isInstanceOf(Refused.class);
    assertThat(EnvironmentValue.undo("-w 4", "-w 4 --backlog=64", "-w 4 --backlog=128"))
        .isInstanceOf(Refused.class);
    assertThat(EnvironmentValue.undo("--backlog 5", "--backlog 64", "--timeout 64"))
        .isInstanceOf(Refused.class);
    assertThat(undo("--backlog 5 -x", "--backlog 64 -x", "-y --backlog 64"))
        .isEqualTo("-y --backlog 5");
  }

  private static @Nullable String undo(@Nullable String before, String after, String now) {
    return ((Changed) EnvironmentValue.undo(before, after, now)).value();
  }
}
