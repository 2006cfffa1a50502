package io.listenbacklog.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.listenbacklog.api.ApiGroup;
import io.listenbacklog.api.Loopback;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodePath;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.StallRule;
import io.listenbacklog.api.UnixListeners;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads policies: a YAML document each. All of a file is understood, or nothing of it holds: a
 * field that is misspelt would be without effect, and nobody would know.
 */
final class PolicyFile {
  private static final String API_VERSION = ApiGroup.NAME + "/" + ApiGroup.VERSION;

  private static final int MOST_BYTES = 1 << 20;

  private static final Duration SHORTEST_STALL = Duration.ofSeconds(1);
  private static final Duration LONGEST_STALL = Duration.ofHours(1);

  private static final Map<String, Mode> MODES =
      Map.of("Observe", Mode.OBSERVE, "Enforce", Mode.ENFORCE);
  private static final Map<String, Loopback> LOOPBACKS =
      Map.of("Govern", Loopback.GOVERN, "Exempt", Loopback.EXEMPT);
  private static final Map<String, UnixListeners> UNIX =
      Map.of(
          "Observe", UnixListeners.OBSERVE,
          "Govern", UnixListeners.GOVERN,
          "Ignore", UnixListeners.IGNORE);
  private static final Map<String, Remedy> REMEDIES =
      Map.of("Relisten", Remedy.RELISTEN, "Sysctl", Remedy.SYSCTL);

  static final Set<String> DOCUMENT = Set.of("apiVersion", "kind", "metadata", "spec");
  static final Set<String> METADATA = Set.of("name");
  static final Set<String> SPEC =
      Set.of(
          "mode",
          "select",
          "minimum",
          "maximum",
          "ports",
          "loopback",
          "unix",
          "remedies",
          "sysctls",
          "stall");
  static final Set<String> SELECT = Set.of("units", "users", "executables", "ports");
  static final Set<String> PORT = Set.of("port", "path", "minimum", "maximum", "exempt");
  static final Set<String> SYSCTLS = Set.of("somaxconn", "tcpMaxSynBacklog");
  static final Set<String> STALL = Set.of("after");

  private PolicyFile() {}

  /**
   * Reads a file.
   *
   * @throws BadPolicyException naming the field and the value that cannot be meant
   * @throws IOException where the file cannot be read
   */
  static List<HostPolicy> read(Path file) throws IOException {
    try {
      if (Files.isDirectory(file)) {
        throw new FinalException("%s: cannot be read: is a directory".formatted(file));
      }
      if (Files.size(file) > MOST_BYTES) {
        throw new BadPolicyException("%s: is larger than %d bytes".formatted(file, MOST_BYTES));
      }
      return read(file.toString(), Files.readString(file, UTF_8));
    } catch (NoSuchFileException e) {
      throw new FinalException("%s: there is no such file".formatted(file), e);
    } catch (AccessDeniedException e) {
      throw new FinalException("%s: cannot be read: permission denied".formatted(file), e);
    } catch (CharacterCodingException e) {
      throw new BadPolicyException("%s: is not UTF-8".formatted(file));
    }
  }

  /**
   * Reads policies.
   *
   * @param name of the file, for messages
   */
  static List<HostPolicy> read(String name, String yaml) throws BadPolicyException {
    var policies = new ArrayList<HostPolicy>();
    var names = new HashSet<String>();
    int number = 0;
    for (Object each : documents(name, yaml)) {
      number++;
      if (each == null) continue; // nothing between two lines of "---"
      var policy = policy(number == 1 ? name : "%s, document %d".formatted(name, number), each);
      if (!names.add(policy.name())) {
        throw new BadPolicyException(
            "%s: two policies are called \"%s\"".formatted(name, policy.name()));
      }
      requireReached(name, policy, policies);
      policies.add(policy);
    }
    if (policies.isEmpty()) throw new BadPolicyException(name + ": there is no policy in it");
    return policies;
  }

  private static List<Object> documents(String name, String yaml) throws BadPolicyException {
    var settings = LoadSettings.builder().setLabel(name).setAllowDuplicateKeys(false).build();
    var documents = new ArrayList<Object>();
    try {
      for (Object each : new Load(settings).loadAllFromString(yaml)) documents.add(each);
    } catch (YamlEngineException e) {
      throw new BadPolicyException(
          "%s: is no YAML: %s".formatted(name, String.valueOf(e.getMessage()).strip()));
    }
    return documents;
  }

  private static HostPolicy policy(String file, Object document) throws BadPolicyException {
    var fields = PolicyFields.of(file, document, DOCUMENT);
    String version = fields.text("apiVersion");
    if (!version.equals(API_VERSION)) {
      throw fields.wrong("apiVersion", "\"%s\" is not %s".formatted(version, API_VERSION));
    }
    String kind = fields.text("kind");
    if (!kind.equals(HostPolicy.KIND)) {
      throw fields.wrong(
          "kind",
          "\"%s\" is not %s, the only kind that is known on a host"
              .formatted(kind, HostPolicy.KIND));
    }
    var metadata = fields.object("metadata", METADATA);
    if (metadata.isEmpty()) throw fields.wrong("metadata.name", "is missing");
    String name = metadata.get().text("name");
    var spec = fields.object("spec", SPEC);
    if (spec.isEmpty()) throw fields.wrong("spec", "is missing");
    return policy(name, spec.get());
  }

  private static HostPolicy policy(String name, PolicyFields spec) throws BadPolicyException {
    var select = spec.object("select", SELECT);
    if (select.isEmpty()) {
      throw spec.wrong("select", "is missing: units, users, executables or ports, [\"*\"] for all");
    }
    var selection = selection(spec, select.get());
    @Nullable Integer minimum = spec.backlog("minimum");
    @Nullable Integer maximum = maximum(spec, minimum);
    var rules = spec.objects("ports", PORT);
    var ports = ports(rules, selection, minimum, maximum);
    if (spec.has("unix") && !selection.ports().isEmpty()) {
      throw spec.wrong("unix", "is without effect where select names ports");
    }
    var unix = spec.word("unix", UNIX.keySet()).map(UNIX::get).orElse(UnixListeners.OBSERVE);
    var paths = paths(rules, selection, unix);
    var remedies = spec.words("remedies", REMEDIES.keySet()).stream().map(REMEDIES::get).toList();
    var sysctls = spec.object("sysctls", SYSCTLS);
    if (sysctls.isPresent() && !remedies.contains(Remedy.SYSCTL)) {
      throw spec.wrong("sysctls", "is without effect unless remedies has Sysctl");
    }
    return new HostPolicy(
        name,
        spec.word("mode", MODES.keySet()).map(MODES::get).orElse(Mode.OBSERVE),
        selection,
        minimum,
        maximum,
        ports,
        spec.word("loopback", LOOPBACKS.keySet()).map(LOOPBACKS::get).orElse(Loopback.GOVERN),
        unix,
        paths,
        remedies.isEmpty() ? List.of(Remedy.RELISTEN) : remedies,
        sysctls.isEmpty() ? null : sysctls.get().backlog("somaxconn"),
        sysctls.isEmpty() ? null : sysctls.get().backlog("tcpMaxSynBacklog"),
        stallAfter(spec));
  }

  private static Selection selection(PolicyFields spec, PolicyFields select)
      throws BadPolicyException {
    var selection =
        new Selection(
            select.globs("units"),
            select.globs("users"),
            select.globs("executables"),
            select.ports("ports"));
    if (SELECT.stream().noneMatch(select::has)) {
      throw spec.wrong("select", "names nothing: units, users, executables or ports");
    }
    var ports = selection.ports();
    for (int i = 0; i < ports.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (!ports.get(i).overlaps(ports.get(j))) continue;
        throw select.wrong(
            "ports", "%s and %s have ports in common".formatted(ports.get(j), ports.get(i)));
      }
    }
    return selection;
  }

  private static @Nullable Integer maximum(PolicyFields of, @Nullable Integer minimum)
      throws BadPolicyException {
    @Nullable Integer maximum = of.backlog("maximum");
    if (maximum != null && minimum != null && maximum < minimum) {
      throw of.wrong("maximum", "%d is less than the minimum, %d".formatted(maximum, minimum));
    }
    return maximum;
  }

  private static List<NodePort> ports(
      List<PolicyFields> rules,
      Selection selection,
      @Nullable Integer minimum,
      @Nullable Integer maximum)
      throws BadPolicyException {
    var ports = new ArrayList<NodePort>();
    for (var each : rules) {
      if (each.has("path") && !each.has("port")) continue;
      if (each.has("path")) throw each.wrong("path", "is there beside a port: write two entries");
      var range = each.port("port");
      requireInPlace(each, range, selection, ports);
      boolean exempt = each.flag("exempt");
      boolean asks = each.has("minimum") || each.has("maximum");
      if (exempt == asks) {
        throw each.wrong(
            "port", "%s has either a minimum, a maximum or exempt: true".formatted(range));
      }
      @Nullable Integer its = each.backlog("minimum");
      if (its == null) its = minimum;
      @Nullable Integer most = maximum(each, its);
      if (most == null && maximum != null && (its == null || maximum >= its)) most = maximum;
      @Nullable Integer last = range.first() == range.last() ? null : range.last();
      ports.add(
          exempt
              ? new NodePort(range.first(), last, null, null, true)
              : new NodePort(range.first(), last, its, most, false));
    }
    return HostPolicy.inOrder(ports);
  }

  /** Those for UNIX listeners: what has no effect is refused here too. */
  private static List<NodePath> paths(
      List<PolicyFields> rules, Selection selection, UnixListeners unix) throws BadPolicyException {
    var paths = new ArrayList<NodePath>();
    for (var each : rules) {
      if (!each.has("path")) continue;
      String path = each.text("path");
      if (!selection.ports().isEmpty() || unix == UnixListeners.IGNORE) {
        throw each.wrong(
            "path",
            "\"%s\" is without effect: %s"
                .formatted(
                    path, selection.ports().isEmpty() ? "unix is Ignore" : "select names ports"));
      }
      if (path.indexOf('*') >= 0 && path.indexOf('*') < path.length() - 1) {
        throw each.wrong("path", "\"%s\" has a * that is not at its end".formatted(path));
      }
      if (paths.stream().anyMatch(other -> other.path().equals(path))) {
        throw each.wrong("path", "\"%s\" is there twice".formatted(path));
      }
      if (each.has("maximum")) {
        throw each.wrong("maximum", "a path has none: UNIX listeners do not grow");
      }
      @Nullable Integer minimum = each.backlog("minimum");
      boolean exempt = each.flag("exempt");
      if (exempt == (minimum != null)) {
        throw each.wrong("path", "\"%s\" has either a minimum or exempt: true".formatted(path));
      }
      if (minimum != null && unix != UnixListeners.GOVERN) {
        throw each.wrong("minimum", "%d is without effect without unix: Govern".formatted(minimum));
      }
      paths.add(new NodePath(path, minimum, exempt));
    }
    return paths;
  }

  /** A rule for ports that the policy is not for would be without effect. */
  private static void requireInPlace(
      PolicyFields of, PortRange range, Selection selection, List<NodePort> before)
      throws BadPolicyException {
    boolean selected =
        selection.ports().isEmpty()
            || selection.ports().stream().anyMatch(each -> each.contains(range));
    if (!selected) {
      throw of.wrong("port", "%s is not among the ports that select names".formatted(range));
    }
    for (var each : before) {
      var other = HostPolicy.range(each);
      if (other.equals(range)) throw of.wrong("port", range + " is there twice");
      if (range.overlaps(other) && !range.contains(other) && !other.contains(range)) {
        throw of.wrong(
            "port", "%s and %s have some ports in common, not all".formatted(other, range));
      }
    }
  }

  private static Duration stallAfter(PolicyFields spec) throws BadPolicyException {
    var stall = spec.object("stall", STALL);
    if (stall.isEmpty() || !stall.get().has("after")) return StallRule.DEFAULT.duration();
    String text = stall.get().text("after");
    try {
      var after = new StallRule(text).duration();
      if (after.compareTo(SHORTEST_STALL) >= 0 && after.compareTo(LONGEST_STALL) <= 0) return after;
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw stall
        .get()
        .wrong("after", "\"%s\" is no duration from 1s to 1h, such as 5s or 1m30s".formatted(text));
  }

  /** Of several that select a service the first governs it: none may be behind one for all. */
  private static void requireReached(String file, HostPolicy policy, List<HostPolicy> before)
      throws BadPolicyException {
    for (var each : before) {
      if (!each.selection().isAll()) continue;
      throw new BadPolicyException(
          ("%s: policy \"%s\" governs nothing: of the policies that select a service the first"
                  + " governs it, and \"%s\" before it selects every service")
              .formatted(file, policy.name(), each.name()));
    }
  }
}
