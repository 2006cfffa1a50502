package io.listenbacklog.probe;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the environment of the probe's container says, read once.
 *
 * @param nodeName {@code NODE_NAME}, required: which NodeBacklog is ours
 * @param proc {@code HOST_PROC}: proc of the node, writable for sysctls; /host/proc
 * @param journalFolder {@code JOURNAL_DIR}: lives as long as the node's sockets do;
 *     /run/listen-backlog-operator
 * @param tracefs {@code TRACEFS_DIR}: an empty folder to mount tracefs on; /tracing
 * @param sweepInterval {@code SWEEP_INTERVAL}: from one look at every known listener to the next,
 *     100 ms to 1 min; 2s
 * @param listingInterval {@code LISTING_INTERVAL}: from one full listing of a namespace to the next
 *     while births are told by the kernel, 1 s to 1 h; 30s
 * @param httpPort {@code HTTP_PORT}: of /metrics; 8080
 * @param healthPort {@code HEALTH_PORT}: of /livez and /readyz, for the kubelet; 8081
 * @param metricsAuthorization {@code METRICS_AUTHORIZATION}: whether /metrics is for those alone
 *     whom the cluster lets; false
 */
public record ProbeSettings(
    String nodeName,
    Path proc,
    Path journalFolder,
    Path tracefs,
    Duration sweepInterval,
    Duration listingInterval,
    int httpPort,
    int healthPort,
    boolean metricsAuthorization) {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s|m)");

  /**
   * Reads an environment.
   *
   * @throws IllegalArgumentException naming the variable, its value and what would be right
   */
  public static ProbeSettings of(Map<String, String> environment) {
    String nodeName = environment.getOrDefault("NODE_NAME", "");
    if (nodeName.isBlank()) {
      throw new IllegalArgumentException(
          "NODE_NAME is not set: it must be the name of the node (fieldRef spec.nodeName)");
    }
    return new ProbeSettings(
        nodeName,
        Path.of(environment.getOrDefault("HOST_PROC", "/host/proc")),
        Path.of(environment.getOrDefault("JOURNAL_DIR", "/run/listen-backlog-operator")),
        Path.of(environment.getOrDefault("TRACEFS_DIR", "/tracing")),
        duration(
            environment, "SWEEP_INTERVAL", "2s", Duration.ofMillis(100), Duration.ofMinutes(1)),
        duration(
            environment, "LISTING_INTERVAL", "30s", Duration.ofSeconds(1), Duration.ofHours(1)),
        port(environment, "HTTP_PORT", "8080"),
        port(environment, "HEALTH_PORT", "8081"),
        flag(environment, "METRICS_AUTHORIZATION"));
  }

  private static Duration duration(
      Map<String, String> environment, String name, String usual, Duration least, Duration most) {
    String value = environment.getOrDefault(name, usual);
    var matcher = DURATION.matcher(value);
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      Duration duration =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            default -> Duration.ofMinutes(number);
          };
      if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) return duration;
    }
    throw new IllegalArgumentException(
        "%s is \"%s\": it must be a number with ms, s or m behind it, from %d ms to %d ms"
            .formatted(name, value, least.toMillis(), most.toMillis()));
  }

  private static boolean flag(Map<String, String> environment, String name) {
    return switch (environment.getOrDefault(name, "false")) {
      case "true" -> true;
      case "false" -> false;
      case String other ->
          throw new IllegalArgumentException(
              "%s is \"%s\": it must be true or false".formatted(name, other));
    };
  }

  private static int port(Map<String, String> environment, String name, String usual) {
    String value = environment.getOrDefault(name, usual);
    if (value.matches("\\d{1,5}")) {
      int port = Integer.parseInt(value);
      if (port <= 65535) return port;
    }
    throw new IllegalArgumentException(
        "%s is \"%s\": it must be a port, 1 to 65535 (0: any free one)".formatted(name, value));
  }
}
