package io.listenbacklog.probe.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.kernel.events.KernelEvent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InboxTest {
  private static final Message.Told BIRTH =
      new Message.Told(new KernelEvent.ListenerBorn(100, 9876));

  private final Inbox inbox = new Inbox();

  @Test
  void whatIsNoEventGoesBeforeTheEventsAndInItsOwnOrder() throws InterruptedException {
    inbox.add(BIRTH);
    inbox.add(new Message.BirthsFail("one"));
    inbox.add(BIRTH);
    inbox.add(new Message.BirthsFail("two"));

    assertThat(inbox.poll(Duration.ZERO)).isEqualTo(new Message.BirthsFail("one"));
    assertThat(inbox.poll(Duration.ZERO)).isEqualTo(new Message.BirthsFail("two"));
    assertThat(inbox.poll(Duration.ZERO)).isEqualTo(BIRTH);
    assertThat(inbox.poll(Duration.ZERO)).isEqualTo(BIRTH);
    assertThat(inbox.poll(Duration.ZERO)).isNull();
  }

  @Test
  void eventsThatAreTooManyAreLostAndThatIsTold() throws InterruptedException {
    for (int event = 0; event < 20_000; event++) inbox.add(BIRTH);
    inbox.add(new Message.Stop());

    assertThat(inbox.poll(Duration.ZERO)).isEqualTo(new Message.Stop());
    assertThat(inbox.poll(Duration.ZERO)).isEqualTo(new Message.Told(new KernelEvent.EventsLost()));
    int kept = 0;
    while (inbox.poll(Duration.ZERO) != null) kept++;
    assertThat(kept).isEqualTo(10_000);
  }

  @Test
  void whoWaitsIsWoken() throws Exception {
    var polled =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return inbox.poll(Duration.ofMinutes(1));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    inbox.add(BIRTH);

    assertThat(polled.get()).isEqualTo(BIRTH);
  }
}
