package io.listenbacklog.probe.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class BoundedLogTest {
  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

  private final LoggerContext context = new LoggerContext();
  private final Out out = new Out();
  private final BoundedLog log = new BoundedLog(context.getLogger("test"));

  /** Standard output, which somebody reads or does not. */
  private static final class Out extends AppenderBase<ILoggingEvent> {
    final List<String> lines = new ArrayList<>();
    final CountDownLatch isRead = new CountDownLatch(1);

    @Override
    protected void append(ILoggingEvent event) {
      try {
        isRead.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      lines.add(event.getMessage() + " " + event.getKeyValuePairs());
    }
  }

  @Test
  void whoLogsNeverWaitsForWhoReads() {
    start();

    for (int line = 0; line < 10 * BoundedLog.WAITING; line++) log(NOON, "line " + line, null);
    out.isRead.countDown();
    // Its thread holds what it took at once, besides those that wait.
    var written = written();
    assertThat(written).hasSizeBetween(BoundedLog.WAITING, 2 * BoundedLog.WAITING + 1);
    assertThat(written.getFirst()).startsWith("line 0");
  }

  @Test
  void whatIsDoneWithoutLinesIsNotWritten() {
    start();
    out.isRead.countDown();

    log(NOON, "before", null);
    int said =
        LogFormat.withoutLines(
            () -> {
              log(NOON, "unheard", null);
              return 1;
            });
    log(NOON, "after", null);

    assertThat(said).isOne();
    assertThat(written()).hasSize(2).first().asString().startsWith("before");
  }

  @Test
  void whatIsLostIsSaid() throws InterruptedException {
    start();
    for (int line = 0; line < 4 * BoundedLog.WAITING; line++) log(NOON, "line " + line, null);
    out.isRead.countDown();
    while (log.getNumberOfElementsInQueue() > 0) Thread.sleep(5);

    log(NOON, "one more", null);

    var written = written();
    // Said more than once, if its thread took what waited only when some were lost already.
    var said =
        written.stream()
            .filter(
                each ->
                    each.startsWith(
                        "lines were not written: standard output takes no more [count="))
            .toList();
    assertThat(said).contains(written.get(written.size() - 2));
    assertThat(written.getLast()).startsWith("one more");
    int lost = said.stream().mapToInt(each -> Integer.parseInt(each.replaceAll("\\D", ""))).sum();
    assertThat(written.size() - 1 - said.size() + lost).isEqualTo(4 * BoundedLog.WAITING);
  }

  @Test
  void aPodHasItsShareOfLinesAndOthersHaveTheirs() {
    out.isRead.countDown();
    start();

    for (int line = 0; line < 200; line++) log(NOON, "too small", "shop/many");
    log(NOON.plusSeconds(59), "too small", "shop/other");
    log(NOON.plusSeconds(59), "without a pod", null);
    log(NOON.plusSeconds(60), "too small", "shop/many");

    assertThat(written())
        .hasSize(BoundedLog.LINES_OF_POD + 4)
        .endsWith(
            "too small [pod=\"shop/other\"]",
            "without a pod null",
            "further lines of this pod were not written [pod=\"shop/many\", count=\"140\"]",
            "too small [pod=\"shop/many\"]");
  }

  @Test
  void thePageOnSecuritySaysTheSame() throws IOException {
    assertThat(Files.readString(Path.of("../../docs/security.md")))
        .contains(
            "| log lines of a probe, a minute; that wait for the container runtime to read them"
                + " | %d | %d | |%n".formatted(BoundedLog.LINES_OF_POD, BoundedLog.WAITING));
  }

  private void start() {
    context.setMDCAdapter(new LogbackMDCAdapter());
    out.setContext(context);
    out.start();
    log.setContext(context);
    log.addAppender(out);
    log.start();
  }

  private void log(Instant at, String message, @Nullable String pod) {
    var event =
        new LoggingEvent("", context.getLogger("test"), Level.INFO, message, null, new Object[0]);
    event.setInstant(at);
    if (pod != null) event.addKeyValuePair(new KeyValuePair(LogKeys.POD, pod));
    log.doAppend(event);
  }

  private List<String> written() {
    log.stop();
    return out.lines;
  }
}
