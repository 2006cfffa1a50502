package io.listenbacklog.catalogue;

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
 * The applications that the operator knows: their default backlogs, and where to set them. The data
 * is {@code applications.tsv} beside this class.
 */
public final class Catalogue {
  private final Map<String, Application> applications = new LinkedHashMap<>();

  Catalogue(List<Application> applications) {
    for (Application each : applications) {
      if (this.applications.put(each.key(), each) != null) {
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

  /** The candidates for a program: computed once, as it may have many listeners. */
  public Recognition program(Program program) {
    return new Recognition(
        program, applications.values().stream().filter(each -> each.maybe(program)).toList());
  }

  /**
   * Which application a listener is of.
   *
   * @return its key, or empty: not recognised
   */
  public Optional<String> recognise(Program program, Listened listened) {
    return program(program).of(listened);
  }

  /**
   * What an application asks for, and what to do about it where there are pods and policies: a
   * sentence. Empty for an unknown key.
   */
  public Optional<String> advice(String key) {
    return application(key).map(Application::advice).map(Advice::inCluster);
  }

  /** As {@link #advice}, where there are neither pods nor policies. */
  public Optional<String> adviceOnHost(String key) {
    return application(key).map(Application::advice).map(Advice::onHost);
  }

  /**
   * Whether a listener may well be somebody else's in the application's process: it asked for
   * another number than the application's default, on a port that is none of its usual ones.
   */
  public boolean isPerhapsAnothers(String key, int backlog, int port) {
    return application(key).filter(each -> each.isPerhapsAnothers(backlog, port)).isPresent();
  }

  /**
   * An application's default: a number, {@code somaxconn} (as much as it finds) or {@code varies}.
   * Empty for an unknown key.
   */
  public Optional<String> usual(String key) {
    return application(key).map(Application::usual);
  }

  /**
   * Whether an application sets a backlog of 0 to take no connections for a while, at a limit: then
   * that is left as it is, even if it was never seen with more.
   */
  public static boolean closesItsDoor(String key) {
    return key.equals("memcached"); // do_accept_new_conns(), memcached.c
  }

  /** All keys, in the order in which they are tried. */
  public List<String> keys() {
    return List.copyOf(applications.keySet());
  }

  private Optional<Application> application(String key) {
    return Optional.ofNullable(applications.get(key));
  }
}
