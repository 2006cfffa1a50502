package io.listenbacklog.probe.report;

import io.listenbacklog.probe.json.JsonSize;
import java.util.HashMap;
import java.util.Map;

/**
 * How large the things of a status are as JSON. Nearly all of them stood in the status before as
 * well, and to write them as JSON to count the bytes is dear; so what was measured for that one is
 * remembered, and is told once more as the same object, so that the new status holds few new ones.
 *
 * @param <T> equal where all that is told is equal
 */
final class Measurements<T> {
  private Map<T, Measured<T>> before = Map.of();
  private Map<T, Measured<T>> now = new HashMap<>();

  /**
   * Something and its size.
   *
   * @param bytes of its JSON, as etcd holds it
   */
  record Measured<T>(T thing, int bytes) {}

  /** Measures it for this status. */
  Measured<T> of(T thing) {
    Measured<T> known = before.get(thing);
    if (known == null) known = new Measured<>(thing, JsonSize.of(thing));
    now.put(known.thing(), known);
    return known;
  }

  /** This status is complete: what was not measured for it is forgotten. */
  void statusEnds() {
    before = now;
    now = HashMap.newHashMap(before.size());
  }
}
