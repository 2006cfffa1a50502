package io.listenbacklog.controller.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one kind, as an informer keeps them: it writes here and nowhere else, so each
 * object is held once, in its compact form.
 *
 * <p>An informer's event handlers run later, on threads of their own; a store is written before the
 * informer says that it is synced. Therefore changes are taken from here.
 *
 * @param <V> what the informer reads
 * @param <R> what is kept of it
 */
final class CompactStore<V extends HasMetadata, R> implements ItemStore<V> {
  /**
   * Called for each change, on the informer's thread: {@code old} is null for a new object, {@code
   * now} for a deleted one.
   */
  interface Listener<R> {
    void changed(@Nullable R old, @Nullable R now);
  }

  private final Map<String, R> kept = new ConcurrentHashMap<>();
  private final Function<V, R> keep;
  private final Function<R, V> show;
  private final BiPredicate<R, R> outdated;
  private final Listener<R> listener;

  /**
   * @param outdated whether what arrives (second) is older than what is kept (first)
   */
  CompactStore(
      Function<V, R> keep, Function<R, V> show, BiPredicate<R, R> outdated, Listener<R> listener) {
    this.keep = keep;
    this.show = show;
    this.outdated = outdated;
    this.listener = listener;
  }

  /** Of a kind whose objects are kept as they are read. */
  static <T extends HasMetadata> CompactStore<T, T> whole(Listener<T> listener) {
    return new CompactStore<>(
        Function.identity(), Function.identity(), (known, arrived) -> false, listener);
  }

  @Override
  public String getKey(V object) {
    return Cache.metaNamespaceKeyFunc(object);
  }

  /**
   * Stores the response to a write, unless the informer has delivered that version or a later one.
   *
   * @param overtaken whether what is kept (first) is as new as the answer (second)
   */
  synchronized void answered(String key, V object, BiPredicate<R, R> overtaken) {
    R known = kept.get(key);
    if (known == null || !overtaken.test(known, keep.apply(object))) put(key, object);
  }

  @Override
  public synchronized @Nullable V put(String key, V object) {
    R arrived = keep.apply(object);
    R old = kept.get(key);
    if (old != null && outdated.test(old, arrived)) return shown(old);
    kept.put(key, arrived);
    listener.changed(old, arrived);
    return shown(old);
  }

  @Override
  public synchronized @Nullable V remove(String key) {
    R old = kept.remove(key);
    if (old != null) listener.changed(old, null);
    return shown(old);
  }

  @Override
  public Stream<String> keySet() {
    return kept.keySet().stream();
  }

  @Override
  public Stream<V> values() {
    return kept.values().stream().map(show);
  }

  @Override
  public int size() {
    return kept.size();
  }

  @Override
  public @Nullable V get(String key) {
    return shown(kept.get(key));
  }

  /** What is kept under a key; null: nothing. */
  @Nullable R kept(String key) {
    return kept.get(key);
  }

  /** All that is kept, in no order. */
  Iterable<R> all() {
    return kept.values();
  }

  private @Nullable V shown(@Nullable R of) {
    return of == null ? null : show.apply(of);
  }
}
