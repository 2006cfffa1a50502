package io.listenbacklog.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * The server that a listener was of, and that does not hold it any more.
 *
 * @param process its command name; empty where it was gone before it was seen
 * @param pid on the node; 0 where it was gone before it was seen
 */
public record FormerServer(
    @Required
        @JsonPropertyDescription(
            "Its command name, empty where it was gone before it could be seen.")
        String process,
    @Required
        @JsonPropertyDescription(
            "Its process id on the node, 0 where it was gone before it could be seen.")
        int pid) {

  /** One that was gone before it could be seen. */
  public static final FormerServer UNSEEN = new FormerServer("", 0);

  public FormerServer {
    process = requireNonNullElse(process, "");
  }
}
