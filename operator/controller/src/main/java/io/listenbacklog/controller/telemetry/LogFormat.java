package io.listenbacklog.controller.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Log lines on standard output, one an action: time, level, message, facts. Set up here and not by
 * a file, for the XML parser that reads one would be 3 MB of the image.
 */
public final class LogFormat {
  private static final String MESSAGE =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z',UTC} %-5level %logger{0}: %msg ";

  private static final String OURS = MESSAGE + "%kvp%n%ex{20}";

  /** They tell of each retry with a stack trace of 60 lines: the message says enough. */
  private static final String LIBRARIES = MESSAGE + "%replace(%ex{1}){'[\\n\\t]+',' '}%nopex%n";

  private LogFormat() {}

  /** Replaces whatever was set up before. */
  public static void setUp() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) setUp(context);
  }

  static void setUp(LoggerContext context) {
    context.reset();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(console(context, LIBRARIES));
    var ours = context.getLogger("io.listenbacklog");
    ours.setLevel(Level.INFO);
    ours.setAdditive(false);
    ours.addAppender(console(context, OURS));
    // "unstable version v1alpha1": it is ours.
    context
        .getLogger("io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils")
        .setLevel(Level.OFF);
    // Warns of the way in which a watch whose server is gone was closed.
    context
        .getLogger("io.fabric8.kubernetes.client.jdkhttp.JdkWebSocketImpl")
        .setLevel(Level.ERROR);
    // ReconciliationMetrics logs it, without the whole object.
    context
        .getLogger("io.javaoperatorsdk.operator.processing.event.EventProcessor")
        .setLevel(Level.OFF);
  }

  private static ConsoleAppender<ILoggingEvent> console(LoggerContext context, String pattern) {
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(pattern);
    encoder.start();
    var out = new ConsoleAppender<ILoggingEvent>();
    out.setContext(context);
    out.setEncoder(encoder);
    out.start();
    return out;
  }
}
