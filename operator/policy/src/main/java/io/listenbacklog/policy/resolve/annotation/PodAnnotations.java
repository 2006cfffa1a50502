package io.listenbacklog.policy.resolve.annotation;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.PortRule;
import io.listenbacklog.policy.resolve.port.PortRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a pod's annotations ask for.
 *
 * @param mode null: not said
 * @param minimum null: not said
 * @param maximum null: not said; not below {@code minimum}
 * @param ports null: not said; never empty
 * @param problems what is invalid, by key; it counts as absent
 */
public record PodAnnotations(
    @Nullable Mode mode,
    @Nullable Integer minimum,
    @Nullable Integer maximum,
    @Nullable List<PortRule> ports,
    List<AnnotationProblem> problems) {

  public static final PodAnnotations NONE = new PodAnnotations(null, null, null, null, List.of());

  /** As many as a policy's {@code ports} may hold. */
  private static final int MOST_PORTS = 64;

  /** Shown of a value that is too long. */
  private static final int SHOWN_CHARACTERS = 64;

  /** Problems reported of one pod: there may be thousands of keys under our prefix. */
  public static final int MOST_PROBLEMS = 16;

  private static final String NOT_A_BACKLOG = "is not a number from 1 to 65535";
  private static final Pattern PORT_NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  /** As {@code sun_path} may be, unix(7), with a star behind it. */
  private static final Pattern PATH = Pattern.compile("[^*\\p{Cntrl}]{1,108}[*]?");

  private static final int PORT_NAME_LENGTH = 15; // IANA_SVC_NAME, as Kubernetes has it

  /** Never throws, whatever the annotations hold. */
  public static PodAnnotations parse(Map<String, String> annotations) {
    if (annotations.isEmpty()) return NONE;
    return new Parser().parse(new TreeMap<>(annotations));
  }

  /** Whether it asks for a backlog or an exemption, so that it can stand without a policy. */
  public boolean asksForSomething() {
    return minimum != null || maximum != null || ports != null;
  }

  private static final class Parser {
    private final List<AnnotationProblem> problems = new ArrayList<>();

    PodAnnotations parse(SortedMap<String, String> annotations) {
      @Nullable Mode mode = null;
      @Nullable Integer minimum = null;
      @Nullable Integer maximum = null;
      @Nullable List<PortRule> ports = null;
      for (Map.Entry<String, String> each : annotations.entrySet()) {
        String value = each.getValue();
        if (value.length() > AnnotationKeys.MOST_CHARACTERS) {
          String beginning = value.substring(0, SHOWN_CHARACTERS) + "…";
          problem(
              each.getKey(),
              beginning,
              "is longer than " + AnnotationKeys.MOST_CHARACTERS + " characters");
          continue;
        }
        switch (each.getKey()) {
          case AnnotationKeys.MODE -> mode = mode(value);
          case AnnotationKeys.MINIMUM -> minimum = backlog(AnnotationKeys.MINIMUM, value);
          case AnnotationKeys.MAXIMUM -> maximum = backlog(AnnotationKeys.MAXIMUM, value);
          case AnnotationKeys.PORTS -> ports = ports(value);
          default ->
              problem(each.getKey(), value, "is not known: mode, minimum, maximum and ports are");
        }
      }
      if (minimum != null && maximum != null && maximum < minimum) {
        problem(
            AnnotationKeys.MAXIMUM,
            maximum.toString(),
            "is below the pod's own minimum of " + minimum);
        maximum = null;
      }
      return new PodAnnotations(mode, minimum, maximum, ports, List.copyOf(problems));
    }

    private @Nullable Mode mode(String value) {
      return switch (value.strip()) {
        case "Observe" -> Mode.OBSERVE;
        case "Enforce" -> Mode.ENFORCE;
        default -> {
          problem(AnnotationKeys.MODE, value, "is neither Observe nor Enforce");
          yield null;
        }
      };
    }

    private @Nullable Integer backlog(String key, String value) {
      Integer number = number(value.strip());
      if (number == null) problem(key, value, NOT_A_BACKLOG);
      return number;
    }

    private @Nullable List<PortRule> ports(String value) {
      var rules = new ArrayList<PortRule>();
      var seen = new HashSet<IntOrString>();
      var paths = new HashSet<String>();
      String[] entries = value.split(",", MOST_PORTS + 1);
      for (int i = 0; i < entries.length && i < MOST_PORTS; i++) {
        PortRule rule = rule(entries[i].strip(), seen, paths);
        if (rule != null) rules.add(rule);
      }
      if (entries.length > MOST_PORTS) {
        problem(
            AnnotationKeys.PORTS,
            entries[MOST_PORTS],
            "comes after " + MOST_PORTS + " ports, as many as there may be");
      }
      return rules.isEmpty() ? null : List.copyOf(rules);
    }

    private @Nullable PortRule rule(String entry, Set<IntOrString> seen, Set<String> paths) {
      int equals = entry.indexOf('=');
      if (equals < 0) {
        problem(
            AnnotationKeys.PORTS,
            entry,
            "is not of the form port=minimum, port=minimum-maximum or port=exempt");
        return null;
      }
      String of = entry.substring(0, equals).strip();
      String asked = entry.substring(equals + 1).strip();
      if (isPath(of)) return pathRule(entry, of, asked, paths);
      IntOrString port = port(of);
      if (port == null) {
        problem(
            AnnotationKeys.PORTS,
            entry,
            "names no port: a number from 1 to 65535, a range of them (30000-32767) or the name of a"
                + " container port");
        return null;
      }
      PortRule rule = rule(port, asked);
      if (rule == null) {
        problem(
            AnnotationKeys.PORTS,
            entry,
            "asks neither for a number from 1 to 65535, nor for two (256-4096), nor for exempt");
        return null;
      }
      if (rule.minimum() != null && rule.maximum() != null && rule.maximum() < rule.minimum()) {
        problem(AnnotationKeys.PORTS, entry, "has a maximum below its minimum");
        return null;
      }
      if (!seen.add(port)) {
        problem(AnnotationKeys.PORTS, entry, "names a port a second time: the first holds");
        return null;
      }
      var range = PortRange.of(port);
      if (range != null && seen.stream().anyMatch(each -> crosses(each, range))) {
        seen.remove(port);
        problem(
            AnnotationKeys.PORTS,
            entry,
            "overlaps an earlier range of ports, and neither is within the other: the first holds");
        return null;
      }
      return rule;
    }

    private static boolean crosses(IntOrString earlier, PortRange range) {
      var other = PortRange.of(earlier);
      return other != null && other.crosses(range);
    }

    /** As {@code ss -xl} shows them: a path, or an abstract name. */
    private static boolean isPath(String text) {
      return text.startsWith("/") || text.startsWith("@");
    }

    private @Nullable PortRule pathRule(
        String entry, String path, String asked, Set<String> paths) {
      Integer minimum = number(asked);
      if (!PATH.matcher(path).matches()) {
        problem(
            AnnotationKeys.PORTS,
            entry,
            "names no UNIX listener: a path of at most 108 bytes, where * stands at the end only");
      } else if (minimum == null && !asked.equals("exempt")) {
        problem(
            AnnotationKeys.PORTS,
            entry,
            "asks neither for a number from 1 to 65535 nor for exempt: UNIX listeners do not grow");
      } else if (!paths.add(path)) {
        problem(AnnotationKeys.PORTS, entry, "names a path a second time: the first holds");
      } else {
        return new PortRule(null, path, minimum, null, minimum == null ? true : null);
      }
      return null;
    }

    private static @Nullable PortRule rule(IntOrString port, String asked) {
      if (asked.equals("exempt")) return new PortRule(port, null, null, true);
      int dash = asked.indexOf('-');
      Integer minimum = number(dash < 0 ? asked : asked.substring(0, dash).strip());
      if (minimum == null) return null;
      if (dash < 0) return new PortRule(port, minimum, null, null);
      Integer maximum = number(asked.substring(dash + 1).strip());
      return maximum == null ? null : new PortRule(port, minimum, maximum, null);
    }

    private static @Nullable IntOrString port(String text) {
      Integer number = number(text);
      if (number != null) return new IntOrString(number);
      var range = PortRange.parse(text);
      if (range != null) {
        // A range of one port is that port: text of digits alone would be taken for a name.
        return range.first() == range.last()
            ? new IntOrString(range.first())
            : new IntOrString(range.text());
      }
      boolean isName =
          text.length() <= PORT_NAME_LENGTH
              && PORT_NAME.matcher(text).matches()
              && text.chars().anyMatch(c -> c >= 'a' && c <= 'z');
      return isName ? new IntOrString(text) : null;
    }

    private void problem(String key, String value, String problem) {
      if (problems.size() == MOST_PROBLEMS) return;
      problems.add(new AnnotationProblem(key, value, problem));
    }

    /** Null unless it is a number from 1 to 65535, in ASCII digits and no more than five. */
    private static @Nullable Integer number(String text) {
      if (text.isEmpty() || text.length() > 5) return null;
      int number = 0;
      for (int i = 0; i < text.length(); i++) {
        char digit = text.charAt(i);
        if (digit < '0' || digit > '9') return null;
        number = number * 10 + (digit - '0');
      }
      return number >= 1 && number <= 65535 ? number : null;
    }
  }
}
