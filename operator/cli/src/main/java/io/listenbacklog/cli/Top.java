package io.listenbacklog.cli;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.policy.text.CleanText;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

  private static final int LONGEST_NOTE = 1024;

  /** Where a terminal does not tell its own. */
  private static final Screen.Size USUAL = new Screen.Size(24, 80);

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
      var seen = look.look(System.nanoTime());
      if (!watch || count == 1) {
        show(seen);
        return status(seen);
      }
      boolean isScreen = backlog.terminal().isTerminal() && !output.isData();
      return isScreen ? watch(look, seen) : follow(look, seen, new Documents());
    }
  }

  private static int status(Look.Seen seen) {
    return seen.answered() ? 0 : 1;
  }

  /** What becomes of one look after another. */
  private interface Looks {
    void seen(Look.Seen seen);

    /** Nothing was seen this time. */
    void missed(String why);
  }

  /** One picture after another, on a screen. */
  private final class Pictures implements Looks {
    private final Screen screen;
    private Look.Seen last;
    private LocalTime lastAt = now();

    Pictures(Screen screen, Look.Seen first) {
      this.screen = screen;
      last = first;
    }

    @Override
    public void seen(Look.Seen seen) {
      last = seen;
      lastAt = now();
      show(screen, last);
    }

    @Override
    public void missed(String why) {
      last = last.noted("as of %s; since then: %s".formatted(CLOCK.format(lastAt), why));
      show(screen, last);
    }
  }

  /** One table, or JSON or YAML document, after another. */
  private final class Documents implements Looks {
    private boolean isFirst = true;

    @Override
    public void seen(Look.Seen seen) {
      if (!output.isData() && !seen.listeners().isEmpty()) {
        if (!isFirst) out().println();
        isFirst = false;
      }
      show(seen);
    }

    @Override
    public void missed(String why) {
      backlog.note(why);
    }
  }

  private int watch(Look look, Look.Seen first) throws InterruptedException {
    Pictures pictures;
    int status;
    try (var screen = Screen.open(out())) {
      pictures = new Pictures(screen, first);
      status = follow(look, first, pictures);
    }
    // The screen shows again what was there before, and the last picture is gone.
    show(pictures.last);
    return status;
  }

  private int follow(Look look, Look.Seen first, Looks looks) throws InterruptedException {
    looks.seen(first);
    int status = status(first);
    for (int round = 2; (count == 0 || round <= count) && !backlog.isReaderGone(); round++) {
      TimeUnit.MILLISECONDS.sleep((long) (interval * 1000));
      try {
        var seen = look.look(System.nanoTime());
        looks.seen(seen);
        status = status(seen);
      } catch (KubernetesClientException | BacklogCommand.NoCluster e) {
        looks.missed(BacklogCommand.why(e));
      }
    }
    return status;
  }

  /** As the clock on the wall of whoever watches has it. */
  private static LocalTime now() {
    return LocalTime.now(ZoneId.systemDefault());
  }

  private void show(Screen screen, Look.Seen seen) {
    var size = Screen.size().orElse(USUAL);
    screen.show(picture(seen, size, now()), size.columns());
  }

  private PrintWriter out() {
    return backlog.spec.commandLine().getOut();
  }

  private void show(Look.Seen seen) {
    if (output.isData()) {
      out().print(output.data(data(seen)));
    } else if (seen.listeners().isEmpty()) {
      backlog.note(nothing());
    } else {
      out().print(table(seen, backlog.terminal()));
    }
    out().flush();
    if (seen.leftOut() > 0)
      backlog.note("%d more are not shown (--limit)".formatted(seen.leftOut()));
    seen.notes().forEach(backlog::note);
  }

  private String nothing() {
    return "no listener of a governed pod" + scope.text(backlog.namespace());
  }

  private String table(Look.Seen seen, Terminal terminal) {
    return output.table(table(seen, output.isWide(), scope.allNamespaces, watch), terminal);
  }

  /** As many of the worst listeners as there is room for, between a headline and the notes. */
  List<String> picture(Look.Seen seen, Screen.Size size, LocalTime now) {
    var notes =
        seen.notes().stream()
            .map(each -> Table.cut(CleanText.of(each, LONGEST_NOTE), size.columns(), 0))
            .limit(Math.max(1, size.rows() / 3))
            .toList();
    int room = Math.max(1, size.rows() - notes.size() - (output.noHeaders ? 1 : 2));
    var shown = seen.first(room);
    long all = seen.listeners().size() + seen.leftOut();
    var lines = new ArrayList<String>();
    lines.add(
        Table.cut(
            "%s  %s  %d of %d listeners"
                .formatted(
                    CLOCK.format(now),
                    scope.allNamespaces ? "all namespaces" : backlog.namespace(),
                    shown.listeners().size(),
                    all),
            size.columns(),
            0));
    var terminal = new Terminal(size.columns(), backlog.terminal().colour());
    (shown.listeners().isEmpty() ? nothing() : table(shown, terminal)).lines().forEach(lines::add);
    lines.addAll(notes);
    return lines;
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
    var columns = new ArrayList<String>();
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
            .cutInTheMiddle(
                "POD", "LISTENER") // Pods of a workload begin, and addresses too, alike.
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
      var cells = new ArrayList<Object>();
      if (allNamespaces) cells.add(each.namespace());
      cells.add(each.pod());
      cells.add(each.address());
      cells.add(orDash(each.queue()));
      cells.add(each.limit());
      cells.add(each.queue() == null ? "-" : Math.round(100 * each.fill()) + "%");
      cells.add(orDash(each.peak()));
      cells.add(rates ? rate(each.overflowsPerSecond()) : orDash(each.overflows()));
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
