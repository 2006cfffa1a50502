package io.listenbacklog.appconfig.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.listenbacklog.appconfig.format.EditResult.Edited;
import io.listenbacklog.appconfig.format.EditResult.Refused;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Of files that strangers wrote: the first line names the format, the second the path. */
class FileFormatFuzzTest {
  private static final int BACKLOG = 64;

  static Stream<byte[]> seeds() {
    return Stream.of(
            "Nginx\nlisten 8080\nhttp { server { listen 8080 backlog=5; listen [::]:80; } }\n",
            "Nginx\nlisten\nserver { listen unix:/run/x 'a;b' ; listen 80 # backlog=3\n ; }",
            "Nginx\noptions tcp-listen-queue\noptions { /* { */ tcp-listen-queue 10; // }\n};",
            "Haproxy\nfrontend web bind :80\nfrontend web\r\n  bind :80 backlog 5\r\nbackend b\r\n",
            "Haproxy\ndefaults\nglobal\n\tmaxconn 1\ndefaults\n\tmode http # backlog 7\n",
            "SpaceSeparated\ntcp-backlog\n\uFEFF# tcp-backlog 1\ntcp-backlog \"511\"\n",
            "Properties\nsocket.listen.backlog.size\na=b \\\n c\nsocket.listen.backlog.size : 5\n",
            "Ini\n[pgbouncer] listen_backlog\n[databases]\n;listen_backlog=1\n[pgbouncer]\nx = 1\n",
            "Yaml\nnet.listenBacklog\nnet: {port: 1, listenBacklog: 5}\nx: [\"🐙\", &a 1, *a]\n",
            "Yaml\na[1].b\na:\n- b: 1\n-   b:  2 # 5\n    c: |\n      b: 3\n",
            "Json\na.b[0]\n{\"a\": {\"b\": [5, \"\\u0041é\"], \"c\": null}}",
            "Json\na.b\n{\"a\": {}}")
        .map(seed -> seed.getBytes(UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void oneValueIsSetAndNothingElseOrItIsRefused(byte[] bytes) {
    var parts = new String(bytes, UTF_8).split("\n", 3);
    if (parts.length < 3) return;
    var format =
        Stream.of(FileFormat.values())
            .filter(each -> each.spelling().equals(parts[0]))
            .findFirst()
            .orElse(null);
    if (format == null) return;
    String path = parts[1];
    String content = parts[2];
    switch (format.set(content, path, BACKLOG)) {
      case Refused(int line, String reason) -> {
        assertThat(reason).isNotBlank().doesNotContain("\n");
        assertThat(line).isBetween(0, content.split("\\R", -1).length + 1);
      }
      case Edited(String edited, var from, int line) -> {
        var splice = Splice.between(content, edited);
        assertThat(splice.undo(edited)).contains(content);
        // A value for a value; or a line, or part of one, put between what stays.
        assertThat(splice.inserted().length()).isLessThan(path.length() + content.length() + 200);
        if (from != null) assertThat(from).contains(splice.removed());
        else assertThat(splice.removed()).isEmpty();
        assertThat(format.read(content, path)).isEqualTo(from);
        assertThat(format.read(edited, path)).isEqualTo(String.valueOf(BACKLOG));
        assertThat(format.set(edited, path, BACKLOG))
            .isEqualTo(new Edited(edited, String.valueOf(BACKLOG), line));
        assertThat(List.of(edited.split("\n", -1)).get(line - 1)).contains(String.valueOf(BACKLOG));
      }
    }
  }
}
