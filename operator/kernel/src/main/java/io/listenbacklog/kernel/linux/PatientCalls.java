package io.listenbacklog.kernel.linux;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Calls that wait for another process, which may take as long as that one likes: so they are made
 * by threads that may hang, with a short timeout.
 *
 * <p>The threads are started at the beginning: one that is created while its creator is in a pod's
 * network namespace would stay there.
 */
public final class PatientCalls implements AutoCloseable {
  /** How long a process that hung is left alone. */
  private static final long AGAIN_NANOS = Duration.ofSeconds(30).toNanos();

  private static final int MOST_REMEMBERED = 64;

  private final Duration patience;
  private final LongSupplier nanos;
  private final Semaphore idle;
  private final BlockingQueue<Runnable> calls;
  private final Thread[] threads;

  /** When a process may be asked again, by pid. */
  private final Map<Integer, Long> hung =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Long> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /** What is to be called. */
  public interface Call<T> {
    /** Calls, however long it takes. */
    T now() throws IOException;
  }

  /** What came of it. */
  public sealed interface Answer<T> {}

  /** The call's. */
  public record Given<T>(T value) implements Answer<T> {}

  /** The process did not answer in time, now or shortly before. */
  public record Late<T>() implements Answer<T> {}

  /** It was not called, for all threads hang. */
  public record Busy<T>() implements Answer<T> {}

  /**
   * Starts its threads.
   *
   * @param name of the threads
   * @param most how many calls may hang at once: then nothing is called until one returns
   * @param patience for one call
   */
  public PatientCalls(String name, int most, Duration patience, LongSupplier nanos) {
    this.patience = patience;
    this.nanos = nanos;
    idle = new Semaphore(most);
    calls = new ArrayBlockingQueue<>(most);
    threads = new Thread[most];
    for (int each = 0; each < most; each++) {
      threads[each] = Thread.ofPlatform().daemon().name(name + "-" + each).start(this::serve);
    }
  }

  private void serve() {
    try {
      while (true) {
        var call = calls.take();
        call.run();
        idle.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
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
    Long again = hung.get(pid);
    if (again != null && nanos.getAsLong() - again < 0) return new Late<>();
    if (!idle.tryAcquire()) return new Busy<>();
    var answer = new CompletableFuture<T>();
    calls.add(() -> call(call, answer, late));
    try {
      if (!isAnswered(answer) && answer.cancel(false)) {
        hung.put(pid, nanos.getAsLong() + AGAIN_NANOS);
        return new Late<>();
      }
      hung.remove(pid);
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

  private <T> boolean isAnswered(CompletableFuture<T> answer)
      throws InterruptedException, ExecutionException {
    try {
      answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
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
    for (var each : threads) each.interrupt();
  }
}
