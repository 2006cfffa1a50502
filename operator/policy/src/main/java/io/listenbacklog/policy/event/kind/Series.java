package io.listenbacklog.policy.event.kind;

import java.time.Instant;

/**
 * How often something was seen in one episode. Neither goes back while the episode lasts.
 *
 * @param last when it was seen last
 * @param ended whether the episode is known to be over
 */
public record Series(int count, Instant last, boolean ended) {}
