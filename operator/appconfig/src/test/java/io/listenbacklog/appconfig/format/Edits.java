package io.listenbacklog.appconfig.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.appconfig.format.EditResult.Edited;
import io.listenbacklog.appconfig.format.EditResult.Refused;

/** What is expected of every edit. */
final class Edits {
  private Edits() {}

  /** The edited file, which can be read and undone. */
  static Edited edited(FileFormat format, String content, String path, int backlog) {
    var result = format.set(content, path, backlog);
    assertThat(result).as("%s in\n%s", path, content).isInstanceOf(Edited.class);
    var edited = (Edited) result;
    assertThat(edited.from()).isEqualTo(format.read(content, path));
    assertThat(format.read(edited.content(), path)).isEqualTo(String.valueOf(backlog));
    assertThat(Splice.between(content, edited.content()).undo(edited.content())).contains(content);
    assertThat(edited.content().split("\n", -1)[edited.line() - 1])
        .contains(String.valueOf(backlog));
    assertThat(format.set(edited.content(), path, backlog))
        .isEqualTo(new Edited(edited.content(), String.valueOf(backlog), edited.line()));
    return edited;
  }

  static void assertEdit(FileFormat format, String content, String path, String expected) {
    assertThat(edited(format, content, path, 64).content()).isEqualTo(expected);
  }

  static void assertRefused(
      FileFormat format, String content, String path, int line, String reason) {
    var result = format.set(content, path, 64);
    assertThat(result).as("%s in\n%s", path, content).isInstanceOf(Refused.class);
    var refused = (Refused) result;
    assertThat(refused.reason()).contains(reason);
    assertThat(refused.line()).isEqualTo(line);
  }
}
