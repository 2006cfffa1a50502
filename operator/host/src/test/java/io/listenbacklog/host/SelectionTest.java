package io.listenbacklog.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which services patterns select. */
class SelectionTest {
  private static final HostService SERVICE =
      new HostService("", "web-1.service", "/usr/bin/python3.13", "www-data", 33, true);

  @ParameterizedTest
  @CsvSource({
    "web-1.service, true",
    "web-?.service, true",
    "web*, true",
    "*, true",
    "web, false",
    "web-1xservice, false",
    "WEB-1.service, false",
    "web-[0-9].service, false",
  })
  void unitsByTheirWholeName(String glob, boolean selected) {
    assertThat(selection(glob, "*", "*").selects(SERVICE)).isEqualTo(selected);
  }

  @ParameterizedTest
  @CsvSource({
    "python3.13, true",
    "python3*, true",
    "python3, false",
    "/usr/bin/python3.13, true",
    "/usr/*/python3*, true",
    "/usr/local/*, false",
    "bin/python3.13, false",
    "*/python3.13, true",
  })
  void executablesByTheirLastPartOrTheirPath(String glob, boolean selected) {
    assertThat(selection("*", "*", glob).selects(SERVICE)).isEqualTo(selected);
  }

  @ParameterizedTest
  @CsvSource({"www-data, true", "www-*, true", "root, false"})
  void usersByTheirName(String glob, boolean selected) {
    assertThat(selection("*", glob, "*").selects(SERVICE)).isEqualTo(selected);
  }

  private static Selection selection(String unit, String user, String executable) {
    return new Selection(
        List.of(new Glob(unit)), List.of(new Glob(user)), List.of(new Glob(executable)), List.of());
  }
}
