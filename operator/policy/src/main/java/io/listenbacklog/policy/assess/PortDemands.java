package io.listenbacklog.policy.assess;

import io.listenbacklog.api.NodePort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of listeners on certain ports. A port that is named comes before a range that it is
 * in, a narrower range before a wider one.
 */
final class PortDemands {
  private final Map<Integer, Demand> byPort;
  private final List<Range> narrowestFirst;
  private final int largest;

  private record Range(int first, int last, Demand demand) {
    int width() {
      return last - first;
    }
  }

  private PortDemands(Map<Integer, Demand> byPort, List<Range> ranges) {
    this.byPort = byPort;
    narrowestFirst =
        ranges.stream()
            .sorted(Comparator.comparingInt(Range::width).thenComparingInt(Range::first))
            .toList();
    largest =
        Stream.concat(byPort.values().stream(), ranges.stream().map(Range::demand))
            .mapToInt(each -> each instanceof Demand.AtLeast(int asked, _) ? asked : 0)
            .max()
            .orElse(0);
  }

  static PortDemands of(List<NodePort> ports) {
    var byPort = new HashMap<Integer, Demand>();
    var ranges = new ArrayList<Range>();
    for (var each : ports) {
      if (each.last() == null) byPort.put(each.port(), demand(each));
      else ranges.add(new Range(each.port(), each.last(), demand(each)));
    }
    return new PortDemands(byPort, ranges);
  }

  private static Demand demand(NodePort of) {
    return of.exempt() ? new Demand.Exempt() : Demand.of(of.minimum(), of.maximum());
  }

  /** What is asked on a port; null: nothing of its own. */
  @Nullable Demand on(int port) {
    var own = byPort.get(port);
    if (own != null) return own;
    for (var each : narrowestFirst) {
      if (each.first <= port && port <= each.last) return each.demand;
    }
    return null;
  }

  /** The largest minimum of them; 0: there is none. */
  int largest() {
    return largest;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PortDemands that
        && byPort.equals(that.byPort)
        && narrowestFirst.equals(that.narrowestFirst);
  }

  @Override
  public int hashCode() {
    return 31 * byPort.hashCode() + narrowestFirst.hashCode();
  }

  @Override
  public String toString() {
    return byPort + " " + narrowestFirst;
  }
}
