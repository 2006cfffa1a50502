package io.listenbacklog.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserNamesTest {
  @TempDir private Path folder;

  private Path passwd(String text) throws IOException {
    return Files.writeString(folder.resolve("passwd"), text, ISO_8859_1);
  }

  /** The first of several with one number counts, as with getpwuid(3). */
  @ParameterizedTest
  @CsvSource({"0, root", "33, www-data", "1000, 1000", "4294967294, 4294967294", "7, 7"})
  void aUserHasTheNameThatTheMachineGives(long user, String name) throws IOException {
    var names =
        UserNames.of(
            passwd(
                """
                root:x:0:0:root:/root:/bin/bash
                toor:x:0:0::/root:/bin/sh
                www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
                +@netgroup
                seven:x:7

                """));

    assertThat(names.name(user)).isEqualTo(name);
  }

  /** As a name of a person that was written where ISO 8859-1 was used: byte 0xe9 alone. */
  @Test
  void whatIsNotUtf8CostsNobodyHisName() throws IOException {
    var names = UserNames.of(passwd("web:x:7:7:Ren\u00e9:/:/bin/sh\nredis:x:8:8:::\n"));

    assertThat(names.name(7)).isEqualTo("web");
    assertThat(names.name(8)).isEqualTo("redis");
  }

  @Test
  void whoIsCreatedLaterHasAName() throws IOException {
    var file = passwd("web:x:7:7:::\n");
    Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    var names = UserNames.of(file);
    assertThat(names.name(8)).isEqualTo("8");

    passwd("web:x:7:7:::\nredis:x:8:8:::\n");
    assertThat(names.name(8)).isEqualTo("redis");

    Files.delete(file);
    assertThat(names.name(8)).as("while it is replaced").isEqualTo("redis");
    assertThat(UserNames.of(file).name(8)).as("never read").isEqualTo("8");
  }
}
