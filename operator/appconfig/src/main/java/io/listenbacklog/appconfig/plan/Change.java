package io.listenbacklog.appconfig.plan;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.listenbacklog.appconfig.command.Arguments;
import io.listenbacklog.appconfig.command.EnvironmentValue;
import io.listenbacklog.appconfig.plan.PodTemplate.Mount;
import io.listenbacklog.appconfig.plan.PodTemplate.Variable;
import io.listenbacklog.appconfig.plan.PodTemplate.Volume;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of one place of a pod template, with what undoes it. What others changed there since
 * stays theirs.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Change.Env.class, name = "env"),
  @JsonSubTypes.Type(value = Change.Args.class, name = "args"),
  @JsonSubTypes.Type(value = Change.Reference.class, name = "reference"),
  @JsonSubTypes.Type(value = Change.NewVolume.class, name = "volume"),
  @JsonSubTypes.Type(value = Change.NewMount.class, name = "mount")
})
public sealed interface Change {

  /** The template with it; the same where its place is gone. */
  PodTemplate applied(PodTemplate template);

  /** The template without it; the same where somebody else has changed its place. */
  PodTemplate undone(PodTemplate template);

  /** What two changes of the same place have in common, and no others. */
  String place();

  /** Whether its value stands in the template. */
  boolean isIn(PodTemplate template);

  /**
   * A variable of the environment.
   *
   * @param from null: there was none
   */
  record Env(String container, String name, @Nullable String from, String to) implements Change {
    @Override
    public String place() {
      return "env %s %s".formatted(container, name);
    }

    @Override
    public PodTemplate applied(PodTemplate template) {
      return template.with(container, each -> each.with(new Variable(name, to)));
    }

    @Override
    public PodTemplate undone(PodTemplate template) {
      String now = value(template);
      if (now == null) return template;
      String before = before(now);
      return template.with(
          container,
          each -> before == null ? each.without(name) : each.with(new Variable(name, before)));
    }

    private @Nullable String before(String now) {
      if (now.equals(to)) return from;
      return EnvironmentValue.undo(from, to, now) instanceof EnvironmentValue.Changed changed
          ? changed.value()
          : now;
    }

    @Override
    public boolean isIn(PodTemplate template) {
      return to.equals(value(template));
    }

    private @Nullable String value(PodTemplate template) {
      return template
          .container(container)
          .flatMap(each -> each.variable(name))
          .map(Variable::value)
          .orElse(null);
    }
  }

  /** Command and arguments, of which one flag was set. */
  record Args(
      String container,
      String flag,
      List<String> commandFrom,
      List<String> argsFrom,
      List<String> commandTo,
      List<String> argsTo)
      implements Change {
    public Args {
      commandFrom = List.copyOf(commandFrom);
      argsFrom = List.copyOf(argsFrom);
      commandTo = List.copyOf(commandTo);
      argsTo = List.copyOf(argsTo);
    }

    @Override
    public String place() {
      return "args " + container;
    }

    @Override
    public PodTemplate applied(PodTemplate template) {
      return template.with(container, each -> each.with(commandTo, argsTo));
    }

    @Override
    public PodTemplate undone(PodTemplate template) {
      return template.with(
          container,
          each -> {
            if (each.command().equals(commandTo) && each.args().equals(argsTo)) {
              return each.with(commandFrom, argsFrom);
            }
            var undone =
                new Arguments(each.command(), each.args())
                    .undo(
                        new Arguments(commandFrom, argsFrom),
                        new Arguments(commandTo, argsTo),
                        flag);
            return undone instanceof Arguments.Changed(Arguments before, _)
                ? each.with(before.command(), before.args())
                : each;
          });
    }

    @Override
    public boolean isIn(PodTemplate template) {
      return template
          .container(container)
          .filter(each -> each.command().equals(commandTo) && each.args().equals(argsTo))
          .isPresent();
    }
  }

  /**
   * Which ConfigMap a volume is of.
   *
   * @param source index of the source of a projected volume; −1: the volume is the ConfigMap
   */
  record Reference(String volume, int source, String from, String to) implements Change {
    /** Both as one, where another change of this reference came before. */
    Reference after(Reference first) {
      return new Reference(volume, source, first.from(), to);
    }

    @Override
    public String place() {
      return "reference %s %d".formatted(volume, source);
    }

    @Override
    public PodTemplate applied(PodTemplate template) {
      return replaced(template, from, to);
    }

    @Override
    public PodTemplate undone(PodTemplate template) {
      return replaced(template, to, from);
    }

    @Override
    public boolean isIn(PodTemplate template) {
      return template.volume(volume).filter(each -> to.equals(at(each))).isPresent();
    }

    private @Nullable String at(Volume of) {
      if (source < 0) return of.configMap();
      return source < of.projected().size() ? of.projected().get(source) : null;
    }

    private PodTemplate replaced(PodTemplate template, String old, String fresh) {
      return template.withVolumes(
          template.volumes().stream()
              .map(
                  each ->
                      each.name().equals(volume) && old.equals(at(each)) ? with(each, fresh) : each)
              .toList());
    }

    private Volume with(Volume of, String configMap) {
      if (source < 0) return new Volume(of.name(), configMap, of.projected());
      var all = new ArrayList<>(of.projected());
      all.set(source, configMap);
      return new Volume(of.name(), of.configMap(), all);
    }
  }

  /** A volume of a ConfigMap that there was not. */
  record NewVolume(String volume, String configMap) implements Change {
    @Override
    public String place() {
      return "volume " + volume;
    }

    @Override
    public PodTemplate applied(PodTemplate template) {
      var all = new ArrayList<>(undone(template).volumes());
      all.add(new Volume(volume, configMap, List.of()));
      return template.withVolumes(all);
    }

    @Override
    public PodTemplate undone(PodTemplate template) {
      return template.withVolumes(
          template.volumes().stream().filter(each -> !each.name().equals(volume)).toList());
    }

    @Override
    public boolean isIn(PodTemplate template) {
      return template.volume(volume).filter(each -> configMap.equals(each.configMap())).isPresent();
    }
  }

  /** Where that is seen in a container. */
  record NewMount(String container, String volume, String path) implements Change {
    @Override
    public String place() {
      return "mount %s %s".formatted(container, volume);
    }

    @Override
    public PodTemplate applied(PodTemplate template) {
      return undone(template)
          .with(
              container,
              each -> {
                var all = new ArrayList<>(each.mounts());
                all.add(new Mount(volume, path));
                return each.withMounts(all);
              });
    }

    @Override
    public PodTemplate undone(PodTemplate template) {
      return template.with(
          container,
          each ->
              each.withMounts(
                  each.mounts().stream().filter(mount -> !mount.volume().equals(volume)).toList()));
    }

    @Override
    public boolean isIn(PodTemplate template) {
      return template
          .container(container)
          .filter(each -> each.mounts().contains(new Mount(volume, path)))
          .isPresent();
    }
  }

  /** The template with all of them, one after the other. */
  static PodTemplate applied(List<Change> changes, PodTemplate template) {
    for (Change each : changes) template = each.applied(template);
    return template;
  }

  /** The template without any of them, the last undone first. */
  static PodTemplate undone(List<Change> changes, PodTemplate template) {
    for (Change each : changes.reversed()) template = each.undone(template);
    return template;
  }
}
