package io.listenbacklog.cli;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code kubectl backlog version}. */
@Command(name = "version", description = "Of this command, and of the operator that is installed.")
final class Version implements Callable<Integer> {
  @ParentCommand @Nullable BacklogCommand backlog;

  @Mixin OutputOptions output = new OutputOptions();

  @Option(names = "--client", description = "Of this command alone: asks no cluster.")
  boolean client;

  /**
   * Of {@code --version}. A class of its own: picocli's interfaces are of Java 5, whose classes and
   * those that implement them Java leaves out when it prepares a start, and it does not survive a
   * reference to the constructor of one (Temurin 25.0.3).
   */
  static final class Line implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"kubectl backlog " + own()};
    }
  }

  /** This command's, from the build. */
  static String own() {
    var properties = new Properties();
    try (var in = Version.class.getResourceAsStream("version.properties")) {
      properties.load(Objects.requireNonNull(in));
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Integer call() {
    var command = Objects.requireNonNull(backlog);
    var versions = new LinkedHashMap<String, String>();
    versions.put("client", own());
    if (!output.isData()) show(command, versions);
    int status = client ? 0 : addOperator(command, versions);
    if (output.isData()) command.print(output.data(versions));
    return status;
  }

  /** Adds that of the operator, which it also shows; the exit status. */
  private int addOperator(BacklogCommand command, Map<String, String> versions) {
    try (var api = command.client()) {
      var installed =
          Refusal.answered(
                  api.apps()
                      .deployments()
                      .inAnyNamespace()
                      .withLabelSelector(InstalledLimits.CONTROLLER)
                      .list())
              .getItems()
              .stream()
              .map(
                  each ->
                      Objects.requireNonNullElse(
                              each.getMetadata().getLabels(), Map.<String, String>of())
                          .getOrDefault("app.kubernetes.io/version", "unknown"))
              .distinct()
              .sorted()
              .collect(Collectors.joining(", "));
      if (installed.isEmpty()) {
        command.note("no operator is installed in this cluster");
        return 1;
      }
      versions.put("operator", installed);
      if (!output.isData()) show(command, Map.of("operator", installed));
      if (!installed.equals(own())) {
        command.note(
            "client and operator are of different versions: what one does not know of the other is"
                + " left out");
      }
      return 0;
    } catch (KubernetesClientException e) {
      command.note("operator: " + Refusal.text(e));
      return 1;
    }
  }

  private static void show(BacklogCommand command, Map<String, String> versions) {
    versions.forEach((of, version) -> command.print("%-9s %s".formatted(of + ":", version)));
  }
}
