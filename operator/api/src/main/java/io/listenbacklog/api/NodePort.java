package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PortRule} with its port resolved to a number, or a range of numbers.
 *
 * @param port 1 to 65535: the first of a range
 * @param last the last of a range, not below {@code port}; null: it is one port
 * @param minimum 1 to 65535; null where exempt, or where only a maximum is asked for
 * @param maximum 1 to 65535; null: it never grows
 */
public record NodePort(
    @Required @JsonPropertyDescription("The port by number; of a range of ports the first.")
        int port,
    @JsonPropertyDescription("The last port of a range; absent: it is one port.")
        @Nullable Integer last,
    @JsonPropertyDescription("Backlog that listeners on this port need; absent: none.")
        @Nullable Integer minimum,
    @JsonPropertyDescription(
            "How far the backlog may grow after overflows; absent: it never grows.")
        @Nullable Integer maximum,
    @JsonPropertyDescription("True: listeners on this port need nothing and are never changed.")
        boolean exempt) {

  /** Of one port. */
  public NodePort(int port, @Nullable Integer minimum, @Nullable Integer maximum, boolean exempt) {
    this(port, null, minimum, maximum, exempt);
  }
}
