package io.listenbacklog.probe.state;

import io.listenbacklog.api.Verdict;
import java.time.Instant;

/**
 * What was found of a listener's backlog.
 *
 * @param required what it needs; 0: nothing is asked
 * @param exempt whether its port, its path or loopback is
 * @param since when the verdict became what it is
 */
public record Judgement(Verdict verdict, int required, boolean exempt, Instant since) {}
