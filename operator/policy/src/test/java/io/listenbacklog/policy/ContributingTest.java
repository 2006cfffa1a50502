package io.listenbacklog.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What CONTRIBUTING.md sends people to is there. */
class ContributingTest {
  private static final Path TOP = Path.of("../..");
  private static final Path CONTRIBUTING = TOP.resolve("CONTRIBUTING.md");
  private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))`");
  private static final Pattern LINK = Pattern.compile("\\[([^\\]]+)\\]\\(([^)#:]+)\\)");

  /** A path from the top, in code: not one with a placeholder, and no command. */
  private static final Pattern PATH =
      Pattern.compile("`((?:operator|docs|examples|helm|crds)/[\\w./-]*)`");

  @Test
  void eachLinkLeadsToAFile() throws IOException {
    assertThat(all(LINK)).hasSizeGreaterThan(30);
    for (MatchResult link : all(LINK)) {
      assertThat(TOP.resolve(link.group(2))).as(link.group(1)).isRegularFile();
    }
  }

  /** Of a class, and, behind a dot, of something in it. */
  @Test
  void aLinkToAClassIsNamedAsTheClassIs() throws IOException {
    for (MatchResult link : all(LINK)) {
      if (!link.group(2).endsWith(".java")) continue;
      var file = TOP.resolve(link.group(2));
      var names = link.group(1).split("\\.", -1);
      assertThat(file.getFileName()).hasToString(names[0] + ".java");
      for (String name : names) assertThat(file).content().contains(name);
    }
  }

  @Test
  void eachPathIsThere() throws IOException {
    assertThat(all(PATH)).hasSizeGreaterThan(10);
    for (MatchResult path : all(PATH)) assertThat(TOP.resolve(path.group(1))).exists();
  }

  @Test
  void eachTestIsThere() throws IOException {
    List<String> files;
    try (var tree = Files.walk(TOP.resolve("operator"))) {
      files = tree.map(path -> path.getFileName().toString()).toList();
    }
    assertThat(all(TEST)).hasSizeGreaterThan(5);
    for (MatchResult test : all(TEST)) assertThat(files).contains(test.group(1) + ".java");
  }

  private static List<MatchResult> all(Pattern pattern) throws IOException {
    return pattern.matcher(Files.readString(CONTRIBUTING)).results().toList();
  }
}
