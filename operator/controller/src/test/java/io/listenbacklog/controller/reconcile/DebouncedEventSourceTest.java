package io.listenbacklog.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.listenbacklog.controller.cluster.json.NodeView;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DebouncedEventSourceTest {
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private final DebouncedEventSource<NodeView> source =
      new DebouncedEventSource<>("nodes", timer, Duration.ofMillis(1));
  private final List<Event> events = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() {
    source.setEventHandler(events::add);
    source.start();
  }

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  @Test
  void manyTriggersWithinTheDelayAreOneEvent() {
    var busy = new CountDownLatch(1);
    timer.execute(() -> waitFor(busy));
    for (int i = 0; i < 100; i++) source.trigger(new ResourceID("node-1"));
    source.trigger(new ResourceID("node-2"));
    busy.countDown();

    await().until(() -> events.size() == 2);
    assertThat(events)
        .extracting(Event::getRelatedCustomResourceID)
        .containsExactlyInAnyOrder(new ResourceID("node-1"), new ResourceID("node-2"));
  }

  @Test
  void aTriggerAfterTheEventIsAnotherEvent() {
    source.trigger(new ResourceID("node-1"));
    await().until(() -> events.size() == 1);

    source.trigger(new ResourceID("node-1"));

    await().until(() -> events.size() == 2);
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
