package io.listenbacklog.cli;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code kubectl backlog events}. */
@Command(
    name = "events",
    description = "The operator's Events, the newest last; docs/events.md says what each means.")
final class EventList implements Callable<Integer> {
  /** What the controller calls itself in its Events. */
  static final String REPORTER = "listenbacklog.io";

  /** A namespace may have hundreds of thousands, from all sources: this many are held at a time. */
  private static final long PAGE = 500;

  /** Pages come in the order of names, which says nothing of time. */
  private static final int MOST = 10_000;

  private static final Comparator<Said> OLDEST_FIRST =
      Comparator.comparing(Said::last).thenComparing(Said::name).thenComparing(Said::note);

  @ParentCommand BacklogCommand backlog = new BacklogCommand();
  @Mixin ScopeOptions scope = new ScopeOptions();
  @Mixin OutputOptions output = new OutputOptions();

  @Parameters(arity = "0..1", description = "Only of this pod.", paramLabel = "POD")
  @Nullable String pod;

  /**
   * An Event as it is shown.
   *
   * @param count how often it occurred
   */
  record Said(
      Instant last,
      String type,
      String reason,
      String kind,
      String namespace,
      String name,
      int count,
      String note) {}

  @Override
  public Integer call() {
    try (var client = backlog.client()) {
      var where = scope.scope(backlog.namespace());
      var wanted = where.wanted(client);
      var newest = new PriorityQueue<>(OLDEST_FIRST);
      int leftOut = 0;
      String next = null;
      do {
        var options = new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build();
        var events = client.events().v1().events();
        var page =
            Refusal.answered(
                where.namespace() == null
                    ? events.inAnyNamespace().list(options)
                    : events.inNamespace(where.namespace()).list(options));
        page.getItems().stream()
            .filter(each -> REPORTER.equals(each.getReportingController()))
            .map(EventList::said)
            .filter(each -> isWanted(each, wanted))
            .forEach(newest::add);
        for (; newest.size() > MOST; leftOut++) newest.remove();
        next = page.getMetadata().getContinue();
      } while (next != null && !next.isEmpty());
      show(newest.stream().sorted(OLDEST_FIRST).toList());
      if (leftOut > 0) backlog.note("%d older Events are not shown".formatted(leftOut));
      return 0;
    }
  }

  private boolean isWanted(Said each, BiPredicate<String, String> wanted) {
    if (pod != null && !(each.kind().equals("Pod") && each.name().equals(pod))) return false;
    return scope.selector == null
        || (each.kind().equals("Pod") && wanted.test(each.namespace(), each.name()));
  }

  private void show(List<Said> said) {
    if (output.isData()) {
      var data = new LinkedHashMap<String, Object>();
      data.put("apiVersion", "cli.listenbacklog.io/v1alpha1");
      data.put("kind", "EventList");
      data.put("items", said);
      backlog.print(output.data(data));
      return;
    }
    if (said.isEmpty()) {
      backlog.note(
          "no Events"
              + (pod != null ? " of pod " + pod : scope.selector != null ? " of pods" : "")
              + scope.text(backlog.namespace()));
      return;
    }
    var table =
        new Table("NAMESPACE", "LAST", "TYPE", "REASON", "OBJECT", "COUNT", "MESSAGE")
            .expendable("NAMESPACE", "COUNT", "TYPE", "OBJECT");
    var now = Instant.now();
    for (var each : said) {
      table.row(
          each.type().equals("Warning") ? Table.Tone.WARNING : Table.Tone.PLAIN,
          each.namespace(),
          Top.seconds(Math.max(0, Duration.between(each.last(), now).toMillis() / 1e3)),
          each.type(),
          each.reason(),
          each.kind() + "/" + each.name(),
          each.count(),
          each.note());
    }
    backlog.print(table, output);
  }

  private static Said said(Event event) {
    var series = event.getSeries();
    var regarding = event.getRegarding();
    return new Said(
        last(event),
        orEmpty(event.getType()),
        orEmpty(event.getReason()),
        regarding == null ? "" : orEmpty(regarding.getKind()),
        orEmpty(event.getMetadata().getNamespace()),
        regarding == null ? "" : orEmpty(regarding.getName()),
        series == null || series.getCount() == null ? 1 : series.getCount(),
        orEmpty(event.getNote()));
  }

  private static Instant last(Event event) {
    var series = event.getSeries();
    for (String each :
        new String[] {
          series == null || series.getLastObservedTime() == null
              ? null
              : series.getLastObservedTime().getTime(),
          event.getEventTime() == null ? null : event.getEventTime().getTime(),
          event.getMetadata().getCreationTimestamp()
        }) {
      try {
        if (each != null) return Instant.parse(each);
      } catch (DateTimeParseException e) {
        // As if it were not there.
      }
    }
    return Instant.EPOCH;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
