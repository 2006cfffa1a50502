package io.listenbacklog.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code -A} and {@code -l}, as kubectl has them. */
final class ScopeOptions {
  @Option(
      names = {"-A", "--all-namespaces"},
      description = "Pods of all namespaces.")
  boolean allNamespaces;

  @Option(
      names = {"-l", "--selector"},
      description = "Only pods with these labels, such as app=web.",
      paramLabel = "SELECTOR")
  @Nullable String selector;

  @Option(
      names = "--operator-namespace",
      description =
          "Where the operator is; without it the probes are looked for in all namespaces, which needs the right to list their pods.",
      paramLabel = "NAMESPACE")
  @Nullable String operatorNamespace;

  /**
   * What they mean.
   *
   * @param namespace that is asked for, or the context's
   */
  Scope scope(String namespace) {
    return new Scope(allNamespaces ? null : namespace, selector, operatorNamespace);
  }

  /**
   * Where nothing was found, after a pod, such as {@code with labels app=web in namespace shop}.
   *
   * @param namespace as for {@link #scope}
   * @return empty, or with a space before it
   */
  String text(String namespace) {
    return (selector == null ? "" : " with labels " + selector)
        + (allNamespaces ? "" : " in namespace " + namespace);
  }
}
