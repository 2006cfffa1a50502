package io.listenbacklog.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;

/** {@code kubectl backlog top}. */
@Command(
    name = "top",
    description = {
      "Live accept queues, the worst first.",
      "Asks the probes through the API server's pod proxy; who may not sees what NodeBacklogs, or"
          + " the policies of his namespace, tell."
    })
final class Top implements Callable<Integer> {
  private static final String CLEAR = "\u001b[H\u001b[2J\u001b[3J";
  private static final double NEARLY_FULL = 0.8;

  @ParentCommand BacklogCommand backlog = new BacklogCommand();
  @Mixin ScopeOptions scope = new ScopeOptions();
  @Mixin OutputOptions output = new OutputOptions();

  @Option(
      names = {"-w", "--watch"},
      description = "Look again and again, until Ctrl-C.")
  boolean watch;

  @Option(
      names = "--interval",
      description = "Seconds between two looks: ${DEFAULT-VALUE}.",
      paramLabel = "SECONDS",
      defaultValue = "2")
  double interval = 2;

  @Option(
      names = "--count",
      description = "With --watch: look so often, and end.",
      paramLabel = "N",
      defaultValue = "0")
  int count;

  @Option(
      names = "--limit",
      description = "Show so many listeners: ${DEFAULT-VALUE}.",
      paramLabel = "N",
      defaultValue = "10000")
  int limit = 10_000;

  @Override
  public Integer call() throws InterruptedException {
    var line = backlog.spec.commandLine();
    if (!(interval >= 0.5 && interval <= 3600)) {
      throw new ParameterException(line, "--interval is between 0.5 and 3600 seconds");
    }
    if (limit < 1 || limit > 1_000_000) {
      throw new ParameterException(line, "--limit is between 1 and 1000000");
    }
    try (var client = backlog.client()) {
      var look = new Look(client, scope.scope(backlog.namespace()), limit);
      for (int round = 1; ; round++) {
        var seen = look.look(System.nanoTime());
        show(seen, round);
        if (!watch || round == count || backlog.isReaderGone()) return seen.answered() ? 0 : 1;
        TimeUnit.MILLISECONDS.sleep((long) (interval * 1000));
      }
    }
  }

  private void show(Look.Seen seen, int round) {
    PrintWriter out = backlog.spec.commandLine().getOut();
    if (output.isData()) {
      out.print(output.data(data(seen)));
      out.flush();
    } else {
      if (watch && backlog.terminal().isTerminal()) out.print(CLEAR);
      else if (round > 1) out.println();
      out.print(
          seen.listeners().isEmpty()
              ? "No listener of a governed pod%s.\n"
                  .formatted(scope.allNamespaces ? "" : " in namespace " + backlog.namespace())
              : output.table(
                  table(seen, output.isWide(), scope.allNamespaces, watch), backlog.terminal()));
      out.flush();
    }
    if (seen.leftOut() > 0)
      backlog.note("%d more are not shown (--limit)".formatted(seen.leftOut()));
    seen.notes().forEach(backlog::note);
  }

  private static Object data(Look.Seen seen) {
    var data = new LinkedHashMap<String, Object>();
    data.put("apiVersion", "cli.listenbacklog.io/v1alpha1");
    data.put("kind", "ListenerList");
    data.put("source", seen.source());
    data.put("notShown", seen.leftOut());
    data.put("items", seen.listeners());
    return data;
  }

  static Table table(Look.Seen seen, boolean wide, boolean allNamespaces, boolean rates) {
    var columns = new java.util.ArrayList<String>();
    if (allNamespaces) columns.add("NAMESPACE");
    columns.add("POD");
    columns.add("LISTENER");
    columns.add("QUEUE");
    columns.add("LIMIT");
    columns.add("FILL");
    columns.add("PEAK");
    columns.add(rates ? "OVERFLOWS/S" : "OVERFLOWS");
    columns.add("STALLED");
    if (wide) {
      columns.add("CONTAINER");
      columns.add("NODE");
      columns.add("REQUIRED");
      columns.add("PEAK-AT");
      columns.add("WATCHED");
      columns.add("MEMORY");
    }
    var table =
        new Table(columns.toArray(String[]::new))
            .expendable(
                "MEMORY",
                "WATCHED",
                "PEAK-AT",
                "REQUIRED",
                "NODE",
                "CONTAINER",
                "STALLED",
                "PEAK",
                "NAMESPACE",
                "OVERFLOWS",
                "OVERFLOWS/S",
                "LIMIT");
    for (var each : seen.listeners()) {
      var cells = new java.util.ArrayList<Object>();
      if (allNamespaces) cells.add(each.namespace());
      cells.add(each.pod());
      cells.add(each.address());
      cells.add(orDash(each.queue()));
      cells.add(each.limit());
      cells.add(each.queue() == null ? "-" : Math.round(100 * each.fill()) + "%");
      cells.add(orDash(each.peak()));
      cells.add(rates ? rate(each.overflowsPerSecond()) : each.overflows());
      cells.add(each.stalledSeconds() > 0 ? seconds(each.stalledSeconds()) : "-");
      if (wide) {
        cells.add(each.container().isEmpty() ? "-" : each.container());
        cells.add(each.node().isEmpty() ? "-" : each.node());
        cells.add(each.required() == 0 ? "-" : each.required());
        cells.add(each.peakAt() == null ? "-" : at(each.peakAt()));
        cells.add(each.watchedSeconds() == null ? "-" : seconds(each.watchedSeconds()));
        cells.add(each.memoryBytes() == null ? "-" : bytes(each.memoryBytes()));
      }
      table.row(tone(each), cells.toArray());
    }
    return table;
  }

  private static Table.Tone tone(ListenerFigures each) {
    var rate = each.overflowsPerSecond();
    if (each.stalledSeconds() > 0 || (rate != null && rate > 0)) return Table.Tone.BAD;
    return each.fill() > NEARLY_FULL ? Table.Tone.WARNING : Table.Tone.PLAIN;
  }

  private static Object orDash(@Nullable Long value) {
    return value == null ? "-" : value;
  }

  private static String rate(@Nullable Double rate) {
    return rate == null ? "-" : String.format(Locale.ROOT, "%.1f", rate);
  }

  private static String at(Instant at) {
    return at.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
  }

  /** As kubectl shows an age. */
  static String seconds(double seconds) {
    if (seconds < 10) return String.format(Locale.ROOT, "%.1fs", seconds);
    var age = Duration.ofSeconds((long) seconds);
    if (age.toMinutes() < 2) return age.toSeconds() + "s";
    if (age.toHours() < 2) return age.toMinutes() + "m";
    if (age.toDays() < 2) return age.toHours() + "h";
    return age.toDays() + "d";
  }

  static String bytes(long bytes) {
    if (bytes < 1024 * 1024) return Math.ceilDiv(bytes, 1024) + "Ki";
    return Math.ceilDiv(bytes, 1024 * 1024) + "Mi";
  }
}
