package io.listenbacklog.appconfig.preset;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.appconfig.command.Arguments;
import io.listenbacklog.appconfig.command.EnvironmentValue;
import io.listenbacklog.appconfig.format.EditResult;
import io.listenbacklog.catalogue.Catalogue;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PresetTest {
  private static final Catalogue CATALOGUE = Catalogue.standard();

  @ParameterizedTest
  @EnumSource
  void isFoundByItsSpellingAndSaysWhereItIsKnownFrom(Preset preset) {
    assertThat(Preset.of(preset.spelling())).contains(preset);
    assertThat(URI.create(preset.source()).getScheme()).isEqualTo("https");
    assertThat(preset.remark()).matches("(.*\\.)?");
  }

  @Test
  void anotherSpellingIsNone() {
    assertThat(Preset.of("nginx")).isEmpty();
    assertThat(Stream.of(Preset.values()).map(Preset::spelling)).doesNotHaveDuplicates();
  }

  /** What a preset sets is what the catalogue's advice says is to be set. */
  @ParameterizedTest
  @EnumSource
  void agreesWithTheCatalogueOfApplications(Preset preset) {
    var advice = CATALOGUE.advice(preset.application());
    assertThat(advice).as(preset.application()).isPresent();
    for (var way : preset.ways()) {
      names(way)
          .ifPresent(
              name ->
                  assertThat(letters(advice.orElseThrow()))
                      .as("%s: %s", preset, advice)
                      .contains(letters(name)));
    }
  }

  /** What the setting is called, without what the way of setting it adds. */
  private static Optional<String> names(Written way) {
    return switch (way) {
      // The variables' names are made of the setting's.
      case Written.InEnvironment _ -> Optional.empty();
      case Written.AsArgument(var flag, _) -> Optional.of(flag);
      case Written.InFile(_, var path, _) ->
          Optional.of(path.substring(path.lastIndexOf(' ') + 1))
              .filter(name -> !name.equals("defaults"));
      case Written.InPython _ -> Optional.of("request_queue_size");
      case Written.Nowhere _ -> Optional.empty();
    };
  }

  private static String letters(String text) {
    return text.toLowerCase(java.util.Locale.ROOT).replaceAll("[-_ ]", "");
  }

  /** A preset that cannot be carried out would be found by users only. */
  @ParameterizedTest
  @EnumSource
  void eachWayCanBeGone(Preset preset) {
    assertThat(preset.ways()).isNotEmpty();
    for (var way : preset.ways()) {
      switch (way) {
        case Written.InEnvironment(var name, var value, var combine) -> {
          assertThat(name).matches("[A-Z_]+");
          assertThat(EnvironmentValue.set(null, value, combine, 64))
              .isInstanceOf(EnvironmentValue.Changed.class);
        }
        case Written.AsArgument(var flag, var form) ->
            assertThat(new Arguments(List.of("server"), List.of()).set(flag, form, 64))
                .isInstanceOf(Arguments.Changed.class);
        case Written.InFile(var format, var path, var key) -> {
          assertThat(key).matches("[a-z]+\\.[a-z]+");
          assertThat(format.set(example(preset), path, 64))
              .as(preset.spelling())
              .isInstanceOf(EditResult.Edited.class);
        }
        case Written.InPython() ->
            assertThat(SiteCustomize.source(64))
                .contains("BACKLOG = 64\n")
                .doesNotContain("replaced");
        case Written.Nowhere(var reason) -> {
          assertThat(reason).endsWith(".");
          assertThat(preset.ways()).hasSize(1);
        }
      }
    }
  }

  /** The least that each of these servers could have in its file. */
  private static String example(Preset preset) {
    return Objects.requireNonNull(
        switch (preset) {
          case NGINX -> "server { listen 80; }";
          case HAPROXY -> "defaults\n    mode http\nfrontend web\n    bind :80\n";
          case UWSGI -> "[uwsgi]\nsocket = :3031\n";
          case PHP_FPM -> "[www]\nlisten = 9000\n";
          case PGBOUNCER -> "[databases]\n[pgbouncer]\nlisten_port = 6432\n";
          case MYSQL, MARIADB -> "[mysqld]\nport = 3306\n";
          case BIND -> "options { directory \"/var/cache/bind\"; };\n";
          default -> "";
        });
  }

  @Test
  void pythonsPathHasTheFolderFirstAndOnce() {
    assertThat(SiteCustomize.pythonPath(null, "/a")).isEqualTo("/a");
    assertThat(SiteCustomize.pythonPath("", "/a")).isEqualTo("/a");
    assertThat(SiteCustomize.pythonPath("/b:/c", "/a")).isEqualTo("/a:/b:/c");
    assertThat(SiteCustomize.pythonPath("/a:/b", "/a")).isEqualTo("/a:/b");
    assertThat(SiteCustomize.pythonPath("/a", "/a")).isEqualTo("/a");
  }
}
