package io.listenbacklog.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.linux.UnixDatagram;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells systemd how a unit of {@code Type=notify} is, sd_notify(3), and that it lives,
 * sd_watchdog_enabled(3). Where nobody asked for it, nothing is told. No process is started here
 * that could inherit the variables.
 */
final class UnitNotice {
  private final @Nullable UnixDatagram socket;
  private final @Nullable Duration watchdog;
  private String failure;
  private String told = "";
  private String status = "";
  private long aliveNanos;

  private UnitNotice(
      @Nullable UnixDatagram socket, @Nullable Duration watchdog, String failure, long nanos) {
    this.socket = socket;
    this.watchdog = watchdog;
    this.failure = failure;
    aliveNanos = nanos;
  }

  /**
   * As the environment asks for it.
   *
   * @param pid of this process: a watchdog may be another's
   * @param nanos now
   */
  static UnitNotice of(LinuxC linux, Map<String, String> environment, long pid, long nanos) {
    String address = environment.getOrDefault("NOTIFY_SOCKET", "");
    if (address.isEmpty()) return new UnitNotice(null, null, "", nanos);
    try {
      var socket = UnixDatagram.to(linux, address);
      return new UnitNotice(socket, watchdog(environment, pid), "", nanos);
    } catch (IOException e) {
      return new UnitNotice(null, null, String.valueOf(e.getMessage()), nanos);
    }
  }

  private static @Nullable Duration watchdog(Map<String, String> environment, long pid) {
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    String of = environment.getOrDefault("WATCHDOG_PID", "");
    boolean another = !of.isEmpty() && !of.equals(Long.toString(pid));
    if (another || !micros.matches("[1-9][0-9]{0,15}")) return null;
    return Duration.ofNanos(Math.multiplyExact(1_000L, Long.parseLong(micros)));
  }

  /** All works, and what there is to say of it. */
  void ready(String text) {
    status = text;
    send("READY=1\nSTATUS=" + text);
  }

  /**
   * The policies are read again, until it is {@link #ready}.
   *
   * @param nanos of CLOCK_MONOTONIC, which System.nanoTime() is on Linux
   */
  void reloading(long nanos) {
    send(
        "RELOADING=1\nMONOTONIC_USEC=%d\nSTATUS=reading the policies again"
            .formatted(nanos / 1_000));
  }

  void stopping() {
    send("STOPPING=1\nSTATUS=stopping");
  }

  /** What there is to say now; nothing new is not said again. */
  void status(String text) {
    if (text.equals(status)) return;
    status = text;
    send("STATUS=" + text);
  }

  /**
   * To be called again and again: tells the watchdog, twice in its time, that this lives.
   *
   * @param sinceLastTurn how long ago the engine last went round: where that is too long it is
   *     hung, nothing is told, and systemd starts it anew
   */
  void alive(long nanos, Duration sinceLastTurn) {
    if (watchdog == null) return;
    var half = watchdog.dividedBy(2);
    if (nanos - aliveNanos < half.toNanos() / 2 || sinceLastTurn.compareTo(half) > 0) return;
    aliveNanos = nanos;
    send("WATCHDOG=1");
  }

  /** Why it could not be told; empty: it could, or that was said before. */
  String failure() {
    String why = failure.equals(told) ? "" : failure;
    told = failure;
    return why;
  }

  private void send(String message) {
    if (socket == null) return;
    try {
      socket.send(message.getBytes(UTF_8));
    } catch (IOException e) {
      failure = String.valueOf(e.getMessage());
    }
  }
}
