package io.listenbacklog.probe.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Log lines in logfmt on standard output: one line an action, its facts as keys. Set up here and
 * not by a file, for the XML parser that reads one costs 3 MiB on every node.
 */
public final class LogFormat {
  private static final String ONE_LINE = "{'[\\r\\n]+',' '}";
  private static final String PATTERN =
      "time=%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z',UTC} level=%p part=%logger{0} msg=\"%replace(%msg)"
          + ONE_LINE
          + "\" %replace(%kvp)"
          + ONE_LINE
          + "%n%ex{6}";

  /** Bound where what is done is of no interest to anybody. */
  private static final ScopedValue<Boolean> UNHEARD = ScopedValue.newInstance();

  private LogFormat() {}

  /**
   * Does something of which no line is written, by this thread and until it is done.
   *
   * @return what it returns
   * @throws X what it throws
   */
  public static <T, X extends Throwable> T withoutLines(ScopedValue.CallableOp<T, X> work)
      throws X {
    return ScopedValue.where(UNHEARD, true).call(work);
  }

  /** Whether a line of this thread is not to be written. */
  static boolean isUnheard() {
    return UNHEARD.isBound();
  }

  /** Replaces whatever was set up before. */
  public static void setUp() {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) return;
    context.reset();
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    var out = new ConsoleAppender<ILoggingEvent>();
    out.setContext(context);
    out.setEncoder(encoder);
    out.start();
    var bounded = new BoundedLog(context.getLogger(BoundedLog.class));
    bounded.setContext(context);
    bounded.addAppender(out);
    bounded.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(bounded);
  }

  /** Writes what still waits, for at most a second; nothing is logged after it. */
  public static void end() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) context.stop();
  }
}
