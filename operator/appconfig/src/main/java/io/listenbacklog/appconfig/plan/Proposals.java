package io.listenbacklog.appconfig.plan;

import io.listenbacklog.api.AppConfigRule;
import io.listenbacklog.api.ArgsChange;
import io.listenbacklog.api.ConfigMapChange;
import io.listenbacklog.api.EnvChange;
import io.listenbacklog.appconfig.command.Arguments;
import io.listenbacklog.appconfig.command.Combine;
import io.listenbacklog.appconfig.command.EnvironmentValue;
import io.listenbacklog.appconfig.command.FlagForm;
import io.listenbacklog.appconfig.format.EditResult;
import io.listenbacklog.appconfig.format.FileFormat;
import io.listenbacklog.appconfig.plan.PodTemplate.Container;
import io.listenbacklog.appconfig.plan.PodTemplate.Mount;
import io.listenbacklog.appconfig.plan.PodTemplate.Variable;
import io.listenbacklog.appconfig.plan.PodTemplate.Volume;
import io.listenbacklog.appconfig.plan.Proposal.Edit;
import io.listenbacklog.appconfig.plan.Proposal.Impossible;
import io.listenbacklog.appconfig.plan.Proposal.Possible;
import io.listenbacklog.appconfig.preset.Preset;
import io.listenbacklog.appconfig.preset.SiteCustomize;
import io.listenbacklog.appconfig.preset.Written;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes a {@link Proposal} of a policy's entries, a template and the ConfigMaps that it names. */
public final class Proposals {
  /** Name of the volume, and of its folder below /opt, that holds sitecustomize.py. */
  private static final String PYTHON = "listenbacklog-python";

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  private static final String PYTHON_FOLDER = "/opt/" + PYTHON;

  private final Map<String, ConfigMapFacts> configMaps;

  /** Of ConfigMaps that an entry has changed, by their own name: the name of the newest copy. */
  private final Map<String, String> copies = new HashMap<>();

  private final String owner;
  private final int backlog;
  private PodTemplate template;

  private Proposals(
      String owner, PodTemplate template, Map<String, ConfigMapFacts> configMaps, int backlog) {
    this.owner = owner;
    this.template = template;
    this.configMaps = new HashMap<>(configMaps);
    this.backlog = backlog;
  }

  /**
   * What is to be written.
   *
   * @param owner uid of the workload, which the ConfigMaps that are made for it go with
   * @param template without any change of ours
   * @param configMaps those that {@link #configMaps} names, as far as they are there
   * @param backlog from 1
   */
  public static Proposal of(
      List<AppConfigRule> rules,
      String owner,
      PodTemplate template,
      Map<String, ConfigMapFacts> configMaps,
      int backlog) {
    var work = new Proposals(owner, template, configMaps, backlog);
    var edits = new ArrayList<Edit>();
    for (AppConfigRule each : rules) {
      Edit edit = work.edit(each);
      edits.add(edit);
      if (edit instanceof Possible possible) work.take(possible);
    }
    var absent = new TreeSet<>(configMaps(rules, template));
    absent.removeAll(configMaps.keySet());
    return new Proposal(edits, backlog, absent);
  }

  /** A second entry finds what the first has written. */
  private void take(Possible edit) {
    template = Change.applied(edit.changes(), template);
    var own = ownNames();
    for (Change each : edit.changes()) {
      if (!(each instanceof Change.Reference(_, _, String from, String to))) continue;
      String name = own.getOrDefault(from, from);
      copies.put(name, to);
      configMaps.put(name, Objects.requireNonNull(edit.configMaps().get(to), to));
    }
  }

  /** The ConfigMaps that must be read before, by name. */
  public static List<String> configMaps(List<AppConfigRule> rules, PodTemplate template) {
    var names = new TreeSet<String>();
    for (AppConfigRule each : rules) {
      if (each.configMap() != null) names.add(each.configMap().name());
      if (each.preset() != null && mayBeInFile(each.preset())) names.addAll(mounted(template));
    }
    return List.copyOf(names);
  }

  private static boolean mayBeInFile(String preset) {
    return Preset.of(preset).stream()
        .flatMap(each -> each.ways().stream())
        .anyMatch(way -> way instanceof Written.InFile);
  }

  /** The template's ConfigMaps, by their own names where it has our copies. */
  private List<String> mounted() {
    var own = ownNames();
    return mounted(template).stream().map(each -> own.getOrDefault(each, each)).distinct().toList();
  }

  /** The names of the ConfigMaps that an entry has changed, by those of their newest copies. */
  private Map<String, String> ownNames() {
    var own = new HashMap<String, String>();
    copies.forEach((name, copy) -> own.put(copy, name));
    return own;
  }

  private static List<String> mounted(PodTemplate template) {
    var names = new ArrayList<String>();
    for (Volume each : template.volumes()) {
      if (each.configMap() != null) names.add(each.configMap());
      each.projected().stream().filter(name -> !name.isEmpty()).forEach(names::add);
    }
    return names;
  }

  private Edit edit(AppConfigRule rule) {
    if (rule.env() != null) return env(rule.env());
    if (rule.args() != null) return args(rule.args());
    if (rule.configMap() != null) return configMap(rule.configMap());
    if (rule.preset() != null) return preset(rule.preset(), rule.container());
    return new Impossible("", "", "The entry says nothing.");
  }

  private Edit env(EnvChange rule) {
    var combine =
        switch (rule.combine()) {
          case SET -> Combine.SET;
          case APPEND -> Combine.APPEND;
        };
    return env(rule.container(), rule.name(), rule.value(), combine);
  }

  private Edit env(@Nullable String wanted, String name, String value, Combine combine) {
    String what = "env " + name;
    var found = container(wanted);
    if (found.isEmpty()) return noContainer(wanted, what);
    Container container = found.get();
    var variable = container.variable(name);
    if (variable.isPresent() && variable.get().value() == null) {
      return new Impossible(
          container.name(), what, "The variable comes from elsewhere (valueFrom).");
    }
    if (variable.isEmpty() && combine == Combine.APPEND && container.envFrom()) {
      return mayBeElsewhere(container, what, name);
    }
    String current = variable.map(Variable::value).orElse(null);
    return switch (EnvironmentValue.set(current, value, combine, backlog)) {
      case EnvironmentValue.Refused(String reason) ->
          new Impossible(container.name(), what, sentence(reason));
      case EnvironmentValue.Changed(String to, String from) -> {
        if (to == null || to.equals(current)) yield done(container.name(), what);
        if (suffices(from)) yield done(container.name(), what, from);
        var change = new Change.Env(container.name(), name, current, to);
        yield possible(container.name(), what, from, List.of(change), Map.of());
      }
    };
  }

  private Edit args(ArgsChange rule) {
    var form =
        switch (rule.form()) {
          case EQUALS -> FlagForm.EQUALS;
          case SEPARATE -> FlagForm.SEPARATE;
        };
    return args(rule.container(), rule.flag(), form);
  }

  private Edit args(@Nullable String wanted, String flag, FlagForm form) {
    String what = "args " + flag;
    var found = container(wanted);
    if (found.isEmpty()) return noContainer(wanted, what);
    Container container = found.get();
    var before = new Arguments(container.command(), container.args());
    return switch (before.set(flag, form, backlog)) {
      case Arguments.Refused(String reason) ->
          new Impossible(container.name(), what, sentence(reason));
      case Arguments.Changed(Arguments after, String from) -> {
        if (after.equals(before)) yield done(container.name(), what);
        if (suffices(from)) yield done(container.name(), what, from);
        var change =
            new Change.Args(
                container.name(),
                flag,
                before.command(),
                before.args(),
                after.command(),
                after.args());
        yield possible(container.name(), what, from, List.of(change), Map.of());
      }
    };
  }

  private Edit configMap(ConfigMapChange rule) {
    var format =
        switch (rule.format()) {
          case NGINX -> FileFormat.NGINX;
          case HAPROXY -> FileFormat.HAPROXY;
          case SPACE_SEPARATED -> FileFormat.SPACE_SEPARATED;
          case PROPERTIES -> FileFormat.PROPERTIES;
          case INI -> FileFormat.INI;
          case YAML -> FileFormat.YAML;
          case JSON -> FileFormat.JSON;
        };
    return file(rule.name(), rule.key(), format, rule.path());
  }

  private Edit file(String name, String key, FileFormat format, String path) {
    String what = "configMap %s: %s".formatted(name, key);
    String newest = copies.getOrDefault(name, name);
    List<Change.Reference> places = places(newest);
    if (places.isEmpty()) {
      return new Impossible(
          "", what, "No volume of the pod template is of ConfigMap %s.".formatted(name));
    }
    ConfigMapFacts before = configMaps.get(name);
    if (before == null) {
      return new Impossible(
          "", what, "There is no ConfigMap %s, or it cannot be read.".formatted(name));
    }
    String content = before.data().get(key);
    if (content == null) {
      return new Impossible("", what, "ConfigMap %s has no text %s.".formatted(name, key));
    }
    return switch (format.set(content, path, backlog)) {
      case EditResult.Refused(int line, String reason) ->
          new Impossible(
              "", what, line == 0 ? sentence(reason) : "Line %d: %s.".formatted(line, reason));
      case EditResult.Edited(String after, String from, int line) -> {
        if (after.equals(content)) yield done("", what);
        if (suffices(from) || isUnlimited(path, from)) yield done("", what, from);
        ConfigMapFacts copy = before.with(key, after);
        String copyName = copy.name(name, owner);
        var changes =
            places.stream()
                .<Change>map(at -> new Change.Reference(at.volume(), at.source(), newest, copyName))
                .toList();
        yield new Possible(
            "",
            what,
            from == null ? "" : from,
            String.valueOf(backlog),
            changes,
            Map.of(copyName, copy),
            PatchText.ofFile(name, key, content, after, line));
      }
    };
  }

  private List<Change.Reference> places(String configMap) {
    var places = new ArrayList<Change.Reference>();
    for (Volume each : template.volumes()) {
      if (configMap.equals(each.configMap())) {
        places.add(new Change.Reference(each.name(), -1, configMap, configMap));
      }
      for (int i = 0; i < each.projected().size(); i++) {
        if (each.projected().get(i).equals(configMap)) {
          places.add(new Change.Reference(each.name(), i, configMap, configMap));
        }
      }
    }
    return places;
  }

  private Edit preset(String name, @Nullable String container) {
    var preset = Preset.of(name);
    if (preset.isEmpty()) {
      return new Impossible(
          container == null ? "" : container,
          "preset " + name,
          "There is no preset %s.".formatted(name));
    }
    return preset.get().ways().stream()
        .map(way -> new Way(way, way(way, name, container)))
        .min(Comparator.comparingInt(Way::rank)) // of equals the first
        .map(Way::edit)
        .orElseThrow();
  }

  /** One of the ways that a preset has, and what it comes to here. */
  private record Way(Written written, Edit edit) {

    /**
     * Where a number stands already, another one elsewhere would not count beside it; and one in
     * arguments or a file counts more than one in a variable.
     */
    int rank() {
      if (!(edit instanceof Possible possible)) return 3;
      if (possible.from().isEmpty()) return 2;
      return written instanceof Written.InEnvironment ? 1 : 0;
    }
  }

  private Edit way(Written way, String preset, @Nullable String container) {
    return switch (way) {
      case Written.InEnvironment(String name, String value, Combine combine) ->
          env(container, name, value, combine);
      case Written.AsArgument(String flag, FlagForm form) -> args(container, flag, form);
      case Written.InFile(FileFormat format, String path, String key) ->
          mountedFile(format, path, key);
      case Written.InPython() -> python(container);
      case Written.Nowhere(String reason) ->
          new Impossible(container == null ? "" : container, "preset " + preset, reason);
    };
  }

  /** In the one ConfigMap of the template that has such a file. */
  private Edit mountedFile(FileFormat format, String path, String key) {
    List<String> having =
        mounted().stream()
            .filter(
                name -> {
                  ConfigMapFacts facts = configMaps.get(name);
                  return facts != null && facts.data().containsKey(key);
                })
            .toList();
    if (having.size() == 1) return file(having.getFirst(), key, format, path);
    String why =
        having.isEmpty()
            ? "No ConfigMap of the pod template has a file %s: name yours with configMap."
                .formatted(key)
            : "Several ConfigMaps have a file %s (%s): name one with configMap."
                .formatted(key, String.join(", ", having));
    return new Impossible("", "configMap: " + key, why);
  }

  private Edit python(@Nullable String wanted) {
    String what = "sitecustomize.py by PYTHONPATH";
    var found = container(wanted);
    if (found.isEmpty()) return noContainer(wanted, what);
    Container container = found.get();
    var variable = container.variable("PYTHONPATH");
    if (variable.isPresent() && variable.get().value() == null) {
      return new Impossible(container.name(), what, "PYTHONPATH comes from elsewhere (valueFrom).");
    }
    if (variable.isEmpty() && container.envFrom()) {
      return mayBeElsewhere(container, what, "PYTHONPATH");
    }
    boolean taken =
        template.volume(PYTHON).isPresent()
            && container.mounts().stream().map(Mount::volume).anyMatch(PYTHON::equals);
    if (taken) return new Impossible(container.name(), what, "There is a volume " + PYTHON + ".");
    String current = variable.map(Variable::value).orElse(null);
    var file =
        new ConfigMapFacts(Map.of(SiteCustomize.FILE, SiteCustomize.source(backlog)), Map.of());
    String name = file.name(PYTHON, owner);
    var changes =
        List.of(
            new Change.NewVolume(PYTHON, name),
            new Change.NewMount(container.name(), PYTHON, PYTHON_FOLDER),
            new Change.Env(
                container.name(),
                "PYTHONPATH",
                current,
                SiteCustomize.pythonPath(current, PYTHON_FOLDER)));
    return possible(container.name(), what, null, changes, Map.of(name, file));
  }

  private Optional<Container> container(@Nullable String wanted) {
    if (wanted != null) return template.container(wanted);
    return template.containers().size() == 1
        ? Optional.of(template.containers().getFirst())
        : Optional.empty();
  }

  private Edit noContainer(@Nullable String wanted, String what) {
    String names =
        template.containers().stream().map(Container::name).collect(Collectors.joining(", "));
    return wanted == null
        ? new Impossible(
            "", what, "The pod has several containers (%s): name one.".formatted(names))
        : new Impossible(
            wanted,
            what,
            "The pod has no container %s, but %s; an init container or sidecar is not written."
                .formatted(wanted, names));
  }

  private static Edit mayBeElsewhere(Container container, String what, String name) {
    return new Impossible(
        container.name(),
        what,
        "%s may come from envFrom, and what it says there would be lost: write it into env."
            .formatted(name));
  }

  /** Nothing is ever lowered. */
  private boolean suffices(@Nullable String from) {
    if (from == null || !NUMBER.matcher(from).matches()) return false;
    return Long.parseLong(from) >= backlog;
  }

  /** PHP-FPM's own, as much as the kernel allows; elsewhere -1 may be a small default. */
  private static boolean isUnlimited(String path, @Nullable String from) {
    return "-1".equals(from) && path.endsWith("listen.backlog");
  }

  private Edit done(String container, String what) {
    return done(container, what, String.valueOf(backlog));
  }

  /**
   * Nothing is to be done.
   *
   * @param stands what stands there
   */
  private static Edit done(String container, String what, @Nullable String stands) {
    String to = String.valueOf(stands);
    return new Possible(container, what, to, to, List.of(), Map.of(), null);
  }

  private Edit possible(
      String container,
      String what,
      @Nullable String from,
      List<? extends Change> changes,
      Map<String, ConfigMapFacts> files) {
    return new Possible(
        container,
        what,
        from == null ? "" : from,
        String.valueOf(backlog),
        List.copyOf(changes),
        files,
        PatchText.of(List.copyOf(changes), new TreeMap<>(files)));
  }

  private static String sentence(String clause) {
    String begun =
        clause.isEmpty()
            ? ""
            : clause.substring(0, 1).toUpperCase(Locale.ROOT) + clause.substring(1);
    return begun.endsWith(".") ? begun : begun + ".";
  }
}
