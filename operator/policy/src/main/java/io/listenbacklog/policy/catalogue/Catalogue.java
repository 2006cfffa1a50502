package io.listenbacklog.policy.catalogue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The applications that the operator knows: what they ask for unless told otherwise, and where to
 * tell them. The data is {@code applications.tsv} beside this class.
 */
public final class Catalogue {
  private final List<Application> applications;
  private final Map<String, String> advice = new LinkedHashMap<>();

  Catalogue(List<Application> applications) {
    this.applications = List.copyOf(applications);
    for (Application each : this.applications) {
      if (advice.put(each.key(), each.advice()) != null) {
        throw new IllegalArgumentException("listed twice: " + each.key());
      }
    }
  }

  /** The one that comes with the operator. */
  public static Catalogue standard() {
    try (var tsv = Objects.requireNonNull(Catalogue.class.getResourceAsStream("applications.tsv"));
        var lines = new BufferedReader(new InputStreamReader(tsv, UTF_8))) {
      return new Catalogue(
          lines.lines().filter(Application::isRow).map(Application::parse).toList());
    } catch (IOException e) {
      throw new UncheckedIOException("applications.tsv", e);
    }
  }

  /**
   * Which application owns a listener, by what its program is and, where several share an
   * executable, by the number.
   *
   * @param backlog what it asked for
   * @return its key, or empty: not recognised
   */
  public Optional<String> recognise(Program program, int backlog) {
    return applications.stream()
        .filter(application -> application.matches(program, backlog))
        .map(Application::key)
        .findFirst();
  }

  /** What an application asks for, and where to set it: a sentence. Empty for an unknown key. */
  public Optional<String> advice(String key) {
    return Optional.ofNullable(advice.get(key));
  }

  /**
   * What an application asks for unless told otherwise: a number, {@code somaxconn} (as much as it
   * finds) or {@code varies}. Empty for an unknown key.
   */
  public Optional<String> usual(String key) {
    return applications.stream()
        .filter(application -> application.key().equals(key))
        .map(Application::usual)
        .findFirst();
  }

  /** All keys, in the order in which they are tried. */
  public List<String> keys() {
    return List.copyOf(advice.keySet());
  }
}
