package io.listenbacklog.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserNamesTest {
  /** The first of several with one number counts, as with getpwuid(3). */
  @ParameterizedTest
  @CsvSource({"0, root", "33, www-data", "1000, 1000", "4294967294, 4294967294", "7, 7"})
  void aUserHasTheNameThatTheMachineGives(long user, String name) {
    var names =
        UserNames.of(
            List.of(
                "root:x:0:0:root:/root:/bin/bash",
                "toor:x:0:0::/root:/bin/sh",
                "www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin",
                "+@netgroup",
                "seven:x:7",
                ""));

    assertThat(names.name(user)).isEqualTo(name);
  }
}
