package io.listenbacklog.controller.settings;

import io.listenbacklog.controller.appconfig.AppConfigSettings;
import io.listenbacklog.policy.resolve.limit.Limits;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/**
 * What the environment says; read once, at the start.
 *
 * @param namespace {@code POD_NAMESPACE}: of this controller, of its lease and of the probes
 * @param identity {@code POD_NAME}: this replica, in the lease and in Events
 * @param lease {@code LEASE_NAME}: the lease that says who leads
 * @param deployment {@code CONTROLLER_DEPLOYMENT}: what {@code uninstall} scales to nought; empty:
 *     nothing
 * @param port {@code HTTP_PORT}: of {@code /metrics}; 0: any free one
 * @param healthPort {@code HEALTH_PORT}: of {@code /livez} and {@code /readyz}, for the kubelet; 0:
 *     any free one
 * @param metricsAuthorization {@code METRICS_AUTHORIZATION}: whether {@code /metrics} requires a
 *     token that the cluster authorizes
 * @param eventsPerSecond {@code EVENTS_PER_SECOND}, 1 to 1000: how many Events are written at most
 * @param limits {@code LIMITS_MAX_BACKLOG}, 1 to 65535, and {@code LIMITS_ANNOTATIONS}, one of
 *     Enforce, Observe and Ignore: what namespaces may ask for
 * @param appConfig {@code APP_CONFIG_ENABLED}, {@code APP_CONFIG_NAMESPACES} with commas between,
 *     and {@code APP_CONFIG_MAX_CONCURRENT}, 1 to 100: which workloads may be changed
 * @param controllerReplicas {@code CONTROLLER_REPLICAS}: how many the controller gets back if
 *     {@code uninstall} fails and finds it at nought
 * @param uninstallJob {@code UNINSTALL_JOB}: the Job by whose maker {@code uninstall} sees whether
 *     anything is uninstalled; empty: it is
 * @param uninstallTimeout {@code UNINSTALL_TIMEOUT_SECONDS}: how long {@code uninstall} waits for
 *     the probes
 */
public record ControllerSettings(
    String namespace,
    String identity,
    String lease,
    String deployment,
    int port,
    int healthPort,
    boolean metricsAuthorization,
    int eventsPerSecond,
    Limits limits,
    AppConfigSettings appConfig,
    int controllerReplicas,
    String uninstallJob,
    Duration uninstallTimeout) {

  /**
   * Reads an environment.
   *
   * @throws IllegalArgumentException names the variable and its value
   */
  public static ControllerSettings of(Map<String, String> environment) {
    return new ControllerSettings(
        required(environment, "POD_NAMESPACE"),
        required(environment, "POD_NAME"),
        environment.getOrDefault("LEASE_NAME", "listen-backlog-controller"),
        environment.getOrDefault("CONTROLLER_DEPLOYMENT", ""),
        number(environment, "HTTP_PORT", 8080, 0, 65535),
        number(environment, "HEALTH_PORT", 8081, 0, 65535),
        flag(environment, "METRICS_AUTHORIZATION"),
        number(environment, "EVENTS_PER_SECOND", 50, 1, 1000),
        new Limits(
            number(environment, Limits.MAX_BACKLOG_VARIABLE, Limits.DEFAULT.maxBacklog(), 1, 65535),
            annotations(environment)),
        new AppConfigSettings(
            flag(environment, "APP_CONFIG_ENABLED"),
            Arrays.stream(environment.getOrDefault("APP_CONFIG_NAMESPACES", "").split(","))
                .filter(each -> !each.isBlank())
                .toList(),
            number(environment, "APP_CONFIG_MAX_CONCURRENT", 1, 1, 100)),
        number(environment, "CONTROLLER_REPLICAS", 1, 0, 100),
        environment.getOrDefault("UNINSTALL_JOB", ""),
        Duration.ofSeconds(number(environment, "UNINSTALL_TIMEOUT_SECONDS", 120, 1, 86_400)));
  }

  private static String required(Map<String, String> environment, String name) {
    String value = environment.getOrDefault(name, "");
    if (value.isBlank()) throw new IllegalArgumentException(name + " is not set");
    return value;
  }

  private static Limits.Annotations annotations(Map<String, String> environment) {
    String value = environment.getOrDefault(Limits.ANNOTATIONS_VARIABLE, "");
    if (value.isEmpty()) return Limits.DEFAULT.annotations();
    return Limits.Annotations.of(value)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s must be Enforce, Observe or Ignore, but is \"%s\""
                        .formatted(Limits.ANNOTATIONS_VARIABLE, value)));
  }

  private static boolean flag(Map<String, String> environment, String name) {
    return switch (environment.getOrDefault(name, "")) {
      case "true" -> true;
      case "", "false" -> false;
      case String other ->
          throw new IllegalArgumentException(
              name + " must be true or false, but is \"" + other + "\"");
    };
  }

  private static int number(
      Map<String, String> environment, String name, int otherwise, int least, int most) {
    String value = environment.getOrDefault(name, "");
    if (value.isEmpty()) return otherwise;
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) return number;
    } catch (NumberFormatException e) {
      // Said below, as a number that is out of range is.
    }
    throw new IllegalArgumentException(
        name + " must be a number from " + least + " to " + most + ", but is \"" + value + "\"");
  }
}
