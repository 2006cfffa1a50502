package io.listenbacklog.host;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Fields of one object of a policy file. What is wrong with one is said with its path. */
final class PolicyFields {
  private static final int LONGEST_VALUE = 60;
  private static final int MOST_ENTRIES = 256;

  /** Of a user; the next number is nobody's, chown(2). */
  private static final long LARGEST_USER = 4_294_967_294L;

  private final String where;
  private final Map<String, Object> values;

  private PolicyFields(String where, Map<String, Object> values) {
    this.where = where;
    this.values = values;
  }

  /**
   * Takes an object.
   *
   * @param where the file, and in it the path, as in {@code policy.yaml: spec.select}
   * @param known what its fields may be called: any other one is a mistake, and would be without
   *     effect
   */
  static PolicyFields of(String where, @Nullable Object object, Set<String> known)
      throws BadPolicyException {
    if (!(object instanceof Map<?, ?> map)) {
      throw new BadPolicyException(
          "%s: %s is no object with fields".formatted(where, shown(object)));
    }
    var values = new LinkedHashMap<String, Object>();
    for (var each : map.entrySet()) {
      String name = String.valueOf(each.getKey());
      if (!known.contains(name)) {
        throw new BadPolicyException(
            "%s: there is no field %s: it has %s"
                .formatted(where, shown(each.getKey()), list(known)));
      }
      if (each.getValue() != null) values.put(name, each.getValue());
    }
    return new PolicyFields(where, values);
  }

  boolean has(String field) {
    return values.containsKey(field);
  }

  BadPolicyException wrong(String field, String why) {
    return new BadPolicyException("%s: %s".formatted(path(field), why));
  }

  /** As in {@code policy.yaml: spec.minimum}. */
  private String path(String field) {
    return where.contains(": ") ? where + "." + field : where + ": " + field;
  }

  /** An object in it; empty: it is not there. */
  Optional<PolicyFields> object(String field, Set<String> known) throws BadPolicyException {
    return has(field) ? Optional.of(of(path(field), values.get(field), known)) : Optional.empty();
  }

  /** The objects of a list; none: it is not there. */
  List<PolicyFields> objects(String field, Set<String> known) throws BadPolicyException {
    var all = new ArrayList<PolicyFields>();
    int index = 0;
    for (Object each : entries(field)) {
      all.add(of("%s[%d]".formatted(path(field), index++), each, known));
    }
    return all;
  }

  /** A string that must be there. */
  String text(String field) throws BadPolicyException {
    if (!has(field)) throw wrong(field, "is missing");
    if (values.get(field) instanceof String text && !text.isBlank()) return text;
    throw wrong(field, shown(values.get(field)) + " is no text");
  }

  /** One of some words; empty: it is not there. */
  Optional<String> word(String field, Collection<String> words) throws BadPolicyException {
    if (!has(field)) return Optional.empty();
    return Optional.of(word(field, values.get(field), words));
  }

  private String word(String field, @Nullable Object value, Collection<String> words)
      throws BadPolicyException {
    if (value instanceof String text && words.contains(text)) return text;
    throw wrong(field, "%s is not %s".formatted(shown(value), list(words)));
  }

  /** Some words, each once; none: it is not there. */
  List<String> words(String field, Collection<String> words) throws BadPolicyException {
    var all = new ArrayList<String>();
    for (Object each : entries(field)) {
      String word = word(field, each, words);
      if (all.contains(word)) throw wrong(field, shown(word) + " is there twice");
      all.add(word);
    }
    return all;
  }

  /** A backlog; null: it is not there. */
  @Nullable Integer backlog(String field) throws BadPolicyException {
    if (!has(field)) return null;
    if (values.get(field) instanceof Integer number && number >= 1 && number <= 65_535) {
      return number;
    }
    throw wrong(field, shown(values.get(field)) + " is not in 1 to 65535");
  }

  boolean flag(String field) throws BadPolicyException {
    if (!has(field)) return false;
    if (values.get(field) instanceof Boolean flag) return flag;
    throw wrong(field, shown(values.get(field)) + " is neither true nor false");
  }

  /** A port or a range of ports, which must be there. */
  PortRange port(String field) throws BadPolicyException {
    if (!has(field)) throw wrong(field, "is missing");
    return port(field, values.get(field));
  }

  private PortRange port(String field, @Nullable Object value) throws BadPolicyException {
    if (value instanceof Integer || value instanceof String) {
      var range = PortRange.of(value.toString());
      if (range.isPresent()) return range.get();
    }
    throw wrong(
        field, "%s is no port and no range of ports (80, 8000-8099)".formatted(shown(value)));
  }

  /** Ports and ranges of ports; none: it is not there. */
  List<PortRange> ports(String field) throws BadPolicyException {
    var all = new ArrayList<PortRange>();
    for (Object each : entries(field)) all.add(port(field, each));
    return all;
  }

  /** Names, in which {@code *} stands for anything; none: it is not there. */
  List<Glob> globs(String field) throws BadPolicyException {
    var all = new ArrayList<Glob>();
    for (Object each : entries(field)) {
      // A user may be a number.
      boolean isName =
          each instanceof String
              || each instanceof Integer
              || (each instanceof Long number && number > 0 && number <= LARGEST_USER);
      if (!isName || each.toString().isBlank()) throw wrong(field, shown(each) + " is no name");
      all.add(new Glob(each.toString()));
    }
    return all;
  }

  private List<Object> entries(String field) throws BadPolicyException {
    if (!has(field)) return List.of();
    if (!(values.get(field) instanceof List<?> list)) {
      throw wrong(
          field,
          "%s is no list: write [%s]".formatted(shown(values.get(field)), values.get(field)));
    }
    if (list.isEmpty()) throw wrong(field, "is an empty list");
    if (list.size() > MOST_ENTRIES) {
      throw wrong(field, "has %d entries, %d at most".formatted(list.size(), MOST_ENTRIES));
    }
    return new ArrayList<>(list);
  }

  private static String shown(@Nullable Object value) {
    if (value == null) return "nothing";
    String text = String.valueOf(value);
    if (text.length() > LONGEST_VALUE) text = text.substring(0, LONGEST_VALUE) + "…";
    return "\"" + text + "\"";
  }

  private static String list(Collection<String> words) {
    return String.join(", ", new TreeSet<>(words));
  }
}
