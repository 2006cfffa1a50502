package io.listenbacklog.appconfig.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.appconfig.format.EditResult.Edited;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** As large as a ConfigMap can be: 1 MiB. */
class LargeFilesTest {
  private static final int SIZE = 1 << 20;

  static Stream<Arguments> files() {
    return Stream.of(
        Arguments.of(
            FileFormat.NGINX,
            "listen 8080",
            repeated("server { listen 80; server_name \"a;b\"; location / { return 200; } } # x\n")
                + "server { listen 8080; }\n"),
        Arguments.of(
            FileFormat.HAPROXY,
            "frontend last",
            repeated("frontend f\n  bind :80\n  acl a path_reg '^/#'\n")
                + "frontend last\n  bind :81\n"),
        Arguments.of(
            FileFormat.SPACE_SEPARATED,
            "tcp-backlog",
            repeated("save 900 1\n# no\n") + "tcp-backlog 5\n"),
        Arguments.of(
            FileFormat.PROPERTIES,
            "last.key",
            repeated("some.key=some value \\\n  more\n") + "last.key=5\n"),
        Arguments.of(
            FileFormat.INI, "[last] key", repeated("[some]\nkey = value\n") + "[last]\nkey=5\n"),
        Arguments.of(
            FileFormat.YAML,
            "last.key",
            "some:\n" + repeated("- {a: b, c: [1, \"🐙\"]}\n") + "last:\n  key: 5\n"),
        Arguments.of(
            FileFormat.JSON,
            "last.key",
            "{\"some\":["
                + repeated("{\"a\":\"é\\\"\",\"b\":[1,null]},\n")
                + "0],\"last\":{\"key\":5}}"));
  }

  private static String repeated(String text) {
    return text.repeat(SIZE / text.getBytes(UTF_8).length);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void oneValueIsSet(FileFormat format, String path, String content) {
    var result = format.set(content, path, 64);

    assertThat(result).isInstanceOf(Edited.class);
    var splice = Splice.between(content, ((Edited) result).content());
    assertThat(splice.removed()).isIn("", "5");
    assertThat(splice.undo(((Edited) result).content())).contains(content);
  }

  @Test
  void aSpliceIsTheSmallestStretchThatDiffers() {
    assertThat(Splice.between("a 5 b", "a 64 b")).isEqualTo(new Splice(2, "5", "64"));
    assertThat(Splice.between("aa", "aaa")).isEqualTo(new Splice(2, "", "a"));
    assertThat(Splice.between("a", "a")).isEqualTo(new Splice(1, "", ""));
    assertThat(Splice.between("", "a").apply("")).contains("a");
    assertThat(new Splice(2, "5", "64").undo("a 65 b")).isEmpty();
    assertThat(new Splice(2, "5", "64").apply("a")).isEmpty();
  }
}
