package io.listenbacklog.cli;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.listenbacklog.policy.resolve.limit.Limits;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What an installation lets namespaces ask for, as far as one can find out. */
sealed interface InstalledLimits {
  /** The labels that the chart gives to the controller's Deployment. */
  String CONTROLLER =
      "app.kubernetes.io/name=listen-backlog-operator,app.kubernetes.io/component=controller";

  /** They are these. */
  record Known(Limits limits) implements InstalledLimits {}

  /** They are not to be found out. */
  record NotKnown(String why) implements InstalledLimits {}

  /**
   * From the environment of the controller.
   *
   * @param controllers all Deployments with the labels of one
   */
  static InstalledLimits of(List<Deployment> controllers) {
    if (controllers.size() != 1) {
      return new NotKnown(
          "%d Deployments have the labels of the controller".formatted(controllers.size()));
    }
    Deployment controller = controllers.getFirst();
    return limits(controller)
        .<InstalledLimits>map(Known::new)
        .orElseGet(
            () ->
                new NotKnown(
                    "Deployment %s/%s does not say them"
                        .formatted(
                            controller.getMetadata().getNamespace(),
                            controller.getMetadata().getName())));
  }

  private static Optional<Limits> limits(Deployment controller) {
    var annotations =
        value(controller, Limits.ANNOTATIONS_VARIABLE).flatMap(Limits.Annotations::of);
    try {
      return value(controller, Limits.MAX_BACKLOG_VARIABLE)
          .map(Integer::valueOf)
          .flatMap(most -> annotations.map(each -> new Limits(most, each)));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // No number, or none that a backlog can have.
    }
  }

  private static Optional<String> value(Deployment controller, String variable) {
    return controller.getSpec().getTemplate().getSpec().getContainers().stream()
        .flatMap(container -> container.getEnv().stream())
        .filter(each -> each.getName().equals(variable))
        .map(EnvVar::getValue)
        .filter(Objects::nonNull)
        .findFirst();
  }
}
