package io.listenbacklog.controller.appconfig;

import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.appconfig.plan.Change;
import io.listenbacklog.appconfig.plan.Memory;
import io.listenbacklog.policy.event.AppConfigEvents;
import io.listenbacklog.policy.event.EventDraft;
import io.listenbacklog.policy.event.Regarding;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells it as Events. What does not change is told at each pass, and written once. */
final class EventNews implements News {
  /** So many are written a pass; the others are told again in the next one. */
  private static final int MOST_OF_A_PASS = 20;

  private static final int MOST_REMEMBERED = 10_000;

  private final Consumer<EventDraft> recorder;
  private int written;

  private final Map<String, Boolean> told =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  EventNews(Consumer<EventDraft> recorder) {
    this.recorder = recorder;
  }

  @Override
  public void begins() {
    written = 0;
  }

  @Override
  public void proposed(Subject of, PolicyReference policy, String what, String why, Instant now) {
    String episode = "%s %d %s".formatted(policy.uid(), policy.generation(), what);
    tell(
        AppConfigEvents.proposed(
            regarding(of),
            "%s %s".formatted(policy.kind(), policy.name()),
            what,
            why,
            episode,
            now));
  }

  @Override
  public void patched(Subject of, Memory memory) {
    String what = memory.changes().stream().map(EventNews::text).collect(Collectors.joining(", "));
    tell(AppConfigEvents.patched(regarding(of), policy(memory), what, memory.began()));
  }

  @Override
  public void rolledBack(Subject of, Memory memory) {
    tell(
        AppConfigEvents.rolledBack(
            regarding(of), policy(memory), memory.message(), memory.began(), memory.since()));
  }

  @Override
  public void contested(Subject of, Memory memory) {
    tell(
        AppConfigEvents.contested(
            regarding(of), policy(memory), memory.message(), memory.began(), memory.since()));
  }

  private void tell(EventDraft occurrence) {
    String name = occurrence.eventName();
    if (told.containsKey(name) || written == MOST_OF_A_PASS) return;
    written++;
    recorder.accept(occurrence);
    told.put(name, true);
  }

  private static String policy(Memory memory) {
    return "%s %s".formatted(memory.policy().kind(), memory.policy().name());
  }

  private static Regarding regarding(Subject of) {
    return new Regarding(
        of.id().kind().apiVersion(),
        of.id().kind().kind(),
        of.id().namespace(),
        of.id().name(),
        of.uid());
  }

  private static String text(Change change) {
    return switch (change) {
      case Change.Env(String container, String name, String from, String to) ->
          "env %s of container %s: %s (before: %s)".formatted(name, container, to, orNone(from));
      case Change.Args args ->
          "args %s of container %s: %s (before: %s)"
              .formatted(
                  args.flag(),
                  args.container(),
                  String.join(" ", args.argsTo()),
                  orNone(String.join(" ", args.argsFrom())));
      case Change.Reference(String volume, _, String from, String to) ->
          "volume %s: ConfigMap %s (before: %s)".formatted(volume, to, from);
      case Change.NewVolume(String volume, String configMap) ->
          "volume %s: ConfigMap %s (before: none)".formatted(volume, configMap);
      case Change.NewMount(String container, String volume, String path) ->
          "volume %s in container %s at %s".formatted(volume, container, path);
    };
  }

  private static String orNone(@Nullable String value) {
    return value == null || value.isEmpty() ? "none" : value;
  }
}
