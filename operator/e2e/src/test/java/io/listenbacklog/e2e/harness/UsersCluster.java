package io.listenbacklog.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * The cluster that {@code -De2e.context} names: a context of the user's kubeconfig.
 *
 * @param context its name
 * @param image where its nodes pull the operator's image from, {@code -De2e.image}; empty: the
 *     chart's default, which must then be on every node
 */
record UsersCluster(String context, Optional<String> image) {
  /** Empty: the tests start a cluster of their own. */
  static Optional<UsersCluster> ofProperties() {
    return property("e2e.context").map(context -> new UsersCluster(context, property("e2e.image")));
  }

  /** A system property, if it is set and not empty. */
  static Optional<String> property(String name) {
    return Optional.ofNullable(System.getProperty(name)).filter(value -> !value.isBlank());
  }

  /** Why the tests cannot run on it; empty if they can. */
  Optional<String> missing() {
    if (Boolean.getBoolean("require.everything")) {
      return Optional.of(
          "-De2e.context=%s skips what needs the test cluster's own nodes: use only one of the two"
              .formatted(context));
    }
    return kubectl("version", "--client").run().succeeded()
        ? Optional.empty()
        : Optional.of("-De2e.context needs kubectl on PATH");
  }

  /** The user's kubectl, with the user's kubeconfig. */
  private static Command kubectl(String... words) {
    return Command.of("sh", "-c", "exec kubectl \"$@\"", "kubectl").and(List.of(words));
  }

  /**
   * Writes a kubeconfig that has this context alone, so that nothing the tests run can reach
   * another cluster, and kubectl's plugins need no context.
   */
  void writeKubeconfig(Path file) {
    var config =
        kubectl("config", "view", "--minify", "--flatten", "--raw", "--context", context).succeed();
    try {
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The image as the chart takes it, for {@code helm --set-string}. */
  List<String> imageValues() {
    return image
        .map(reference -> List.of("--set-string", values(reference) + ",image.pullPolicy=Always"))
        .orElse(List.of());
  }

  /** A colon before a slash is the registry's port; without a tag, the chart's default holds. */
  static String values(String reference) {
    int digest = reference.indexOf('@');
    if (digest >= 0) {
      return "image.repository=%s,image.digest=%s"
          .formatted(reference.substring(0, digest), reference.substring(digest + 1));
    }
    int tag = reference.lastIndexOf(':');
    return tag > reference.lastIndexOf('/')
        ? "image.repository=%s,image.tag=%s"
            .formatted(reference.substring(0, tag), reference.substring(tag + 1))
        : "image.repository=" + reference;
  }
}
