package io.listenbacklog.policy.text;

import io.listenbacklog.policy.resolve.limit.Clamp;
import java.util.List;
import java.util.stream.Collectors;

/** What an installation's limits cut, in words. */
public final class ClampTexts {
  /** How many cuts a text lists before it only counts. */
  private static final int MOST = 5;

  /** Such as {@code minimum 8192 (4096 holds), port 443 maximum 65535 (4096 holds)}. */
  public static String cuts(List<Clamp> clamps) {
    String first =
        clamps.stream().limit(MOST).map(ClampTexts::cut).collect(Collectors.joining(", "));
    return clamps.size() <= MOST ? first : "%s and %d more".formatted(first, clamps.size() - MOST);
  }

  private static String cut(Clamp clamp) {
    return switch (clamp) {
      case Clamp.Excess(_, String field, int asked, int holds) ->
          "%s %d (%d holds)".formatted(field, asked, holds);
      case Clamp.Enforcement() -> "mode Enforce (Observe holds)";
      case Clamp.AllAnnotations() -> "annotations (none counts)";
      case Clamp.NodeIsFull() -> "the NodeBacklog (full)";
    };
  }

  /** The values of the chart that set the limits: {@code limits.maxBacklog}, for instance. */
  public static String limits(List<Clamp> clamps) {
    return clamps.stream().map(ClampTexts::limit).distinct().collect(Collectors.joining(" and "));
  }

  private static String limit(Clamp clamp) {
    return switch (clamp) {
      case Clamp.Excess _ -> "limits.maxBacklog";
      case Clamp.Enforcement() -> "limits.annotations: Observe";
      case Clamp.AllAnnotations() -> "limits.annotations: Ignore";
      case Clamp.NodeIsFull() -> "the size of a NodeBacklog";
    };
  }

  private ClampTexts() {}
}
