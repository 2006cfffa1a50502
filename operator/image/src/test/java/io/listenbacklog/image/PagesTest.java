package io.listenbacklog.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.listenbacklog.policy.pages.Pages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pages that people read: where their links lead, and what they show as YAML. The policies in
 * them are tested in operator/policy, the commands in operator/cli.
 */
class PagesTest {
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\((?<to>[^)\\s]+)\\)");
  private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$|`[^`\n]*`");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (?<text>.+)$");

  static List<Path> pages() {
    return Pages.all();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void eachLinkLeadsSomewhere(Path page) throws IOException {
    assertThat(links(page)).filteredOn(link -> !leadsSomewhere(page, link)).isEmpty();
  }

  /** The test's own eyes: it knows a link that leads nowhere. */
  @ParameterizedTest
  @CsvSource({
    "operations.md,                 true",
    "operations.md#upgrade,         true",
    "operations.md#from-010,        true",
    "operations.md#without-helms-uninstall, true",
    "../README.md,                  true",
    "#no-heading-of-this-page,      false",
    "operations.md#downgrade,       false",
    "no-such-page.md,               false",
    "https://kubernetes.io/,        true"
  })
  void aLinkThatLeadsNowhereIsFound(String link, boolean leads) {
    assertThat(leadsSomewhere(Pages.REPOSITORY.resolve("docs/faq.md"), link)).isEqualTo(leads);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void whatIsShownAsYamlIsYaml(Path page) throws IOException {
    for (String block : Pages.yaml(page)) {
      try (var documents = Chart.YAML.readerFor(JsonNode.class).<JsonNode>readValues(block)) {
        assertThat(documents.readAll()).as(block).isNotEmpty();
      }
    }
  }

  /** Who begins at docs/README.md finds all of it. */
  @Test
  void eachPageOfTheDocsIsFoundFromTheirFirst() throws IOException {
    Path first = Pages.REPOSITORY.resolve("docs/README.md").normalize();
    var found = new TreeSet<>(Set.of(first));
    var open = new ArrayDeque<>(List.of(first));
    while (!open.isEmpty()) {
      Path page = open.pop();
      for (String link : links(page)) {
        if (link.contains("://") || link.startsWith("#")) continue;
        Path to = target(page, link);
        if (to.toString().endsWith(".md") && Files.exists(to) && found.add(to)) open.push(to);
      }
    }
    assertThat(found).containsAll(pages().stream().map(Path::normalize).toList());
  }

  /** A value of the chart that a page tells to set exists. */
  @ParameterizedTest
  @MethodSource("pages")
  void eachValueOfTheChartThatIsNamedExists(Path page) throws IOException {
    JsonNode values = Chart.YAML.readTree(Chart.FOLDER.resolve("values.yaml").toFile());
    String groups =
        values.properties().stream().map(Map.Entry::getKey).collect(Collectors.joining("|"));
    var named =
        Pattern.compile("(?:`|--set[= ])(?<value>(?:" + groups + ")(?:\\.[a-zA-Z]+)+)(?=[`=: ])")
            .matcher(Files.readString(page))
            .results()
            .map(each -> each.group("value"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(named).filteredOn(each -> !isValue(values, each)).isEmpty();
  }

  private static boolean isValue(JsonNode values, String path) {
    JsonNode at = values;
    for (String key : path.split("\\.", -1)) {
      // What is free within (labels, resources, security contexts) has no defaults there.
      if (at.isObject() && at.isEmpty()) return true;
      if (!at.has(key)) return false;
      at = at.path(key);
    }
    return true;
  }

  private static List<String> links(Path page) throws IOException {
    String prose = CODE.matcher(Files.readString(page)).replaceAll("");
    return LINK.matcher(prose).results().map(each -> each.group("to")).toList();
  }

  private static boolean leadsSomewhere(Path page, String link) {
    if (link.matches("https?://[^/]+.*")) return true;
    Path to = target(page, link);
    if (!Files.exists(to)) return false;
    int hash = link.indexOf('#');
    return hash < 0 || anchors(to).contains(link.substring(hash + 1));
  }

  private static Path target(Path page, String link) {
    String path = link.replaceAll("#.*", "");
    return path.isEmpty() ? page.normalize() : page.resolveSibling(path).normalize();
  }

  /** As GitHub and GitLab make them of headings. */
  private static Set<String> anchors(Path page) {
    try {
      String text =
          Pattern.compile("(?ms)^```.*?^```$").matcher(Files.readString(page)).replaceAll("");
      Map<String, Integer> seen = new HashMap<>();
      return HEADING
          .matcher(text)
          .results()
          .map(each -> each.group("text").toLowerCase(Locale.ROOT))
          .map(each -> each.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
          .map(
              each -> {
                int before = seen.merge(each, 1, Integer::sum) - 1;
                return before == 0 ? each : each + "-" + before;
              })
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
