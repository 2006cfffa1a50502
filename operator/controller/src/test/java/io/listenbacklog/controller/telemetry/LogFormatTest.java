package io.listenbacklog.controller.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.event.KeyValuePair;

class LogFormatTest {
  private final LoggerContext context = new LoggerContext();

  @BeforeEach
  void setUp() {
    LogFormat.setUp(context);
  }

  private String line(String logger, String appenderOf, @Nullable Throwable thrown) {
    var event =
        new LoggingEvent("", context.getLogger(logger), Level.WARN, "it failed", thrown, null);
    event.setInstant(Instant.parse("2026-11-30T12:00:00.5Z"));
    event.setKeyValuePairs(List.of(new KeyValuePair("pod", "shop/web-1")));
    var appender = context.getLogger(appenderOf).iteratorForAppenders().next();
    return new String(
        ((ConsoleAppender<ILoggingEvent>) appender).getEncoder().encode(event), UTF_8);
  }

  @Test
  void aLineOfOursHasItsFacts() {
    assertThat(line("io.listenbacklog.controller.event.EventRecorder", "io.listenbacklog", null))
        .isEqualTo("2026-11-30T12:00:00.500Z WARN  EventRecorder: it failed pod=\"shop/web-1\"\n");
  }

  @Test
  void whatLibrariesThrowIsOneLine() {
    assertThat(
            line("io.fabric8.Watch", Logger.ROOT_LOGGER_NAME, new IOException("refused\n\tby it")))
        .startsWith("2026-11-30T12:00:00.500Z WARN  Watch: it failed java.io.IOException: refused")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils",
        "io.fabric8.kubernetes.client.jdkhttp.JdkWebSocketImpl",
        "io.javaoperatorsdk.operator.processing.event.EventProcessor"
      })
  void whatIsToldElsewhereOrNobodysConcernIsNoWarning(String logger) throws Exception {
    assertThat(Class.forName(logger)).as("there is such a class").isNotNull();
    assertThat(context.getLogger(logger).isWarnEnabled()).isFalse();
  }

  @Test
  void ofLibrariesOnlyWarningsAreWritten() {
    assertThat(context.getLogger("io.fabric8.Watch").isInfoEnabled()).isFalse();
    assertThat(context.getLogger("io.fabric8.Watch").isWarnEnabled()).isTrue();
    assertThat(context.getLogger("io.listenbacklog.controller.Any").isInfoEnabled()).isTrue();
  }
}
