package io.listenbacklog.probe.report;

import java.util.List;

/**
 * Listeners of governed pods at one time.
 *
 * @param leftOut how many more there are
 */
public record ListenerSamples(List<ListenerSample> listed, int leftOut) {}
