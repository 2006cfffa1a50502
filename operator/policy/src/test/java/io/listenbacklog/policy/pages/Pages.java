package io.listenbacklog.policy.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The repository's pages of Markdown, for the tests that hold them to the code. */
public final class Pages {
  /** From the folder of a module, where its tests run. */
  public static final Path REPOSITORY = Path.of("../..");

  private static final Pattern BLOCK =
      Pattern.compile("(?ms)^```(?<language>[a-z]*)\n(?<text>.*?)^```$");

  /** Below docs/ and examples/, and those at the top, in a fixed order. */
  public static List<Path> all() {
    var pages = new ArrayList<Path>();
    for (String folder : List.of("docs", "examples")) {
      try (var files = Files.walk(REPOSITORY.resolve(folder))) {
        files.filter(Pages::isPage).sorted().forEach(pages::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    try (var files = Files.list(REPOSITORY)) {
      files.filter(Pages::isPage).sorted().forEach(pages::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pages;
  }

  private static boolean isPage(Path file) {
    return file.toString().endsWith(".md");
  }

  /** What its fenced blocks of YAML hold. */
  public static List<String> yaml(Path page) {
    return BLOCK
        .matcher(text(page))
        .results()
        .filter(each -> each.group("language").equals("yaml"))
        .map(each -> each.group("text"))
        .toList();
  }

  /** What its fenced blocks hold, of whatever language. */
  public static List<String> blocks(Path page) {
    return BLOCK.matcher(text(page)).results().map(each -> each.group("text")).toList();
  }

  /** Without its fenced blocks. */
  public static String prose(Path page) {
    return BLOCK.matcher(text(page)).replaceAll("");
  }

  /** Its name from the top of the repository. */
  public static Path name(Path page) {
    return REPOSITORY.relativize(page);
  }

  private static String text(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Pages() {}
}
