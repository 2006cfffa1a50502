package io.listenbacklog.kernel.linux;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * Calls that wait for another process, which may take as long as that one likes: so they are made
 * by threads that may hang, with a short timeout.
 *
 * <p>A process that did not answer is left alone until the call has returned, and for a while. A
 * pod's processes share: where {@value #SHARE} of them do not answer (where many pods' do not,
 * one), the others of it are left alone too, so that neither one pod nor a node full of them keeps
 * all threads.
 */
public final class PatientCalls implements AutoCloseable {
  /**
   * How many calls may hang at once: then nothing is called until one returns. Each takes some 100
   * KiB for its thread. With the shares it takes {@value #MOST} less half of {@value #CROWD} owners
   * to get there, more than the 110 pods that a kubelet runs by default.
   */
  public static final int MOST = 192;

  /** How many processes of one owner may be waited for. */
  static final int SHARE = 2;

  /** How many that do not answer leave each owner a share of one. */
  private static final int CROWD = 64;

  /** Usually it takes 50 µs; a busy machine, or one that throttles us, may take its time. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** How long a process that did not answer in time is left alone. */
  private static final long AGAIN_NANOS = Duration.ofSeconds(30).toNanos();

  private final IntFunction<Object> owner;
  private final Duration patience;
  private final LongSupplier nanos;
  private final HangingThreads threads = new HangingThreads(MOST);

  /** By pid. As each has cost our patience, few come together before they are forgotten. */
  private final Map<Integer, Silent> silent = new HashMap<>();

  /**
   * A process that did not answer in time.
   *
   * @param owner its pod, or itself
   * @param returned done when the call has come back after all
   * @param again when it may be asked again, if the call has come back
   */
  private record Silent(Object owner, CompletableFuture<Void> returned, long again) {}

  /** What is to be called. */
  public interface Call<T> {
    /** Calls, however long it takes. */
    T now() throws IOException;
  }

  /** What came of it. */
  public sealed interface Answer<T> {}

  /** The call's. */
  public record Given<T>(T value) implements Answer<T> {}

  /** The process did not answer in time, now or before, or others of its owner did not. */
  public record Late<T>() implements Answer<T> {}

  /** It was not called, for all threads hang. */
  public record Busy<T>() implements Answer<T> {}

  /**
   * Starts its threads.
   *
   * @param owner whom a process belongs to, such as its pod; called for a process when some do not
   *     answer
   */
  public PatientCalls(IntFunction<Object> owner) {
    this(owner, PATIENCE, System::nanoTime);
  }

  /**
   * Starts its threads.
   *
   * @param patience for one call; where others do not answer, less: see {@link #patience()}
   */
  public PatientCalls(IntFunction<Object> owner, Duration patience, LongSupplier nanos) {
    this.owner = owner;
    this.patience = patience;
    this.nanos = nanos;
  }

  /**
   * Calls, and waits a while.
   *
   * @param pid whom the call waits for
   * @param late takes what comes when nobody waits for it any more
   * @throws IOException the call's own
   */
  public synchronized <T> Answer<T> ask(int pid, Call<T> call, Consumer<T> late)
      throws IOException {
    if (isLeftAlone(pid)) return new Late<>();
    var answer = new CompletableFuture<T>();
    var returned = new CompletableFuture<Void>();
    boolean begun =
        threads.begin(
            () -> {
              call(call, answer, late);
              returned.complete(null);
            });
    if (!begun) return new Busy<>();
    try {
      if (!isAnswered(answer) && answer.cancel(false)) {
        silent.put(pid, new Silent(owner.apply(pid), returned, nanos.getAsLong() + AGAIN_NANOS));
        return new Late<>();
      }
      return new Given<>(answer.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (!answer.cancel(false) && !answer.isCompletedExceptionally()) late.accept(answer.join());
      return new Late<>();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) throw cause;
      throw new IllegalStateException(e.getCause());
    }
  }

  private boolean isLeftAlone(int pid) {
    silent
        .values()
        .removeIf(each -> each.returned().isDone() && nanos.getAsLong() - each.again() >= 0);
    if (silent.isEmpty()) return false;
    if (silent.containsKey(pid)) return true;
    var its = owner.apply(pid);
    int share = silent.size() < CROWD ? SHARE : 1;
    return silent.values().stream().filter(each -> each.owner().equals(its)).count() >= share;
  }

  /** So many that do not answer cost a few times the patience in all, not so many times. */
  private Duration patience() {
    return patience.dividedBy(1L + silent.size());
  }

  private <T> boolean isAnswered(CompletableFuture<T> answer)
      throws InterruptedException, ExecutionException {
    try {
      answer.get(patience().toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private static <T> void call(Call<T> call, CompletableFuture<T> answer, Consumer<T> late) {
    T value;
    try {
      value = call.now();
    } catch (IOException | RuntimeException e) {
      answer.completeExceptionally(e);
      return;
    }
    if (!answer.complete(value)) late.accept(value);
  }

  /** Ends the threads that do not hang; the others end with the process. */
  @Override
  public void close() {
    threads.close();
  }
}
