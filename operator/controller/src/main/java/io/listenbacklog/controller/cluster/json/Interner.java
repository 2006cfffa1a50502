package io.listenbacklog.controller.cluster.json;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;

/** One instance of each equal value, held weakly. */
final class Interner<T> {
  private final Map<T, WeakReference<T>> held = new WeakHashMap<>();

  synchronized T intern(T value) {
    WeakReference<T> reference = held.get(value);
    T known = reference == null ? null : reference.get();
    if (known != null) return known;
    held.put(value, new WeakReference<>(value));
    return value;
  }
}
