package io.listenbacklog.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The operations of RFC 6902 that do to a workload what a strategic merge patch of a status says.
 * What is found by its place is tested for its name first: a patch of what has changed meanwhile
 * does nothing.
 */
final class JsonPatch {
  private static final String POD = "/spec/template/spec";

  private final List<Map<String, Object>> operations = new ArrayList<>();

  private JsonPatch() {}

  /**
   * As an API server takes them.
   *
   * @param patch of containers and volumes
   * @param workload as it is
   * @throws IllegalArgumentException if it has no such container
   */
  static List<Map<String, Object>> of(Map<?, ?> patch, Map<?, ?> workload) {
    var result = new JsonPatch();
    Map<?, ?> wanted = pod(patch);
    Map<?, ?> pod = pod(workload);
    for (Map<?, ?> container : list(wanted, "containers")) {
      int at = place(list(pod, "containers"), container);
      if (at < 0) {
        throw new IllegalArgumentException("it has no container " + container.get("name"));
      }
      String path = POD + "/containers/" + at;
      result.test(path, container);
      Map<?, ?> has = list(pod, "containers").get(at);
      for (String field : List.of("command", "args")) {
        if (container.get(field) instanceof List<?> words) result.add(path + "/" + field, words);
      }
      result.merge(path, "env", container, has);
      result.merge(path, "volumeMounts", container, has);
    }
    result.merge(POD, "volumes", wanted, pod);
    return List.copyOf(result.operations);
  }

  /** Containers that the patch is of, and the workload has none of. */
  static List<String> missing(Map<?, ?> patch, Map<?, ?> workload) {
    List<Map<?, ?>> there = list(pod(workload), "containers");
    return list(pod(patch), "containers").stream()
        .filter(each -> place(there, each) < 0)
        .map(each -> String.valueOf(each.get("name")))
        .toList();
  }

  /**
   * One strategic merge patch that does what two do, one after the other: elements of lists are
   * found as {@link #of} finds them, and of anything else the later one counts.
   */
  static Map<String, Object> merged(Map<?, ?> earlier, Map<?, ?> later) {
    var all = new LinkedHashMap<String, Object>();
    earlier.forEach((field, value) -> all.put(String.valueOf(field), value));
    later.forEach(
        (field, value) -> {
          Object before = all.get(String.valueOf(field));
          all.put(String.valueOf(field), before == null ? value : mergedValue(before, value));
        });
    return all;
  }

  private static Object mergedValue(Object earlier, Object later) {
    if (earlier instanceof Map<?, ?> first && later instanceof Map<?, ?> second) {
      return merged(first, second);
    }
    if (!(earlier instanceof List<?> first) || !(later instanceof List<?> second)) return later;
    List<Map<?, ?>> all = elements(first);
    List<Map<?, ?>> more = elements(second);
    if (all.size() < first.size() || more.size() < second.size()) return later;
    for (Map<?, ?> each : more) {
      int at = place(all, each);
      if (at < 0) {
        all.add(each);
      } else {
        all.set(at, merged(all.get(at), each));
      }
    }
    return all;
  }

  /** Elements by their name: what is there is replaced, what is not is put at the end. */
  private void merge(String path, String field, Map<?, ?> wanted, Map<?, ?> has) {
    List<Map<?, ?>> elements = list(wanted, field);
    if (elements.isEmpty()) return;
    List<Map<?, ?>> there = list(has, field);
    if (there.isEmpty()) {
      add(path + "/" + field, elements);
      return;
    }
    for (Map<?, ?> each : elements) {
      int at = place(there, each);
      if (at < 0) {
        add(path + "/" + field + "/-", each);
        continue;
      }
      String element = path + "/" + field + "/" + at;
      test(element, each);
      if (each.get("configMap") instanceof Map<?, ?> configMap) {
        add(element + "/configMap/name", String.valueOf(configMap.get("name")));
      } else {
        operation("replace", element, each);
      }
    }
  }

  private static Map<?, ?> pod(Map<?, ?> object) {
    return map(map(map(object, "spec"), "template"), "spec");
  }

  private static Map<?, ?> map(Map<?, ?> of, String field) {
    return of.get(field) instanceof Map<?, ?> found ? found : Map.of();
  }

  private static List<Map<?, ?>> list(Map<?, ?> of, String field) {
    return of.get(field) instanceof List<?> found ? elements(found) : List.of();
  }

  private static List<Map<?, ?>> elements(List<?> of) {
    var all = new ArrayList<Map<?, ?>>();
    for (Object each : of) if (each instanceof Map<?, ?> element) all.add(element);
    return all;
  }

  /** By name, and where there is one by the path that something is mounted at; −1: it is not. */
  private static int place(List<Map<?, ?>> elements, Map<?, ?> wanted) {
    for (int at = 0; at < elements.size(); at++) {
      Map<?, ?> each = elements.get(at);
      boolean same =
          wanted.containsKey("mountPath")
              ? wanted.get("mountPath").equals(each.get("mountPath"))
              : String.valueOf(wanted.get("name")).equals(String.valueOf(each.get("name")));
      if (same) return at;
    }
    return -1;
  }

  private void test(String path, Map<?, ?> named) {
    String field = named.containsKey("mountPath") ? "mountPath" : "name";
    operation("test", path + "/" + field, String.valueOf(named.get(field)));
  }

  private void add(String path, Object value) {
    operation("add", path, value);
  }

  private void operation(String op, String path, Object value) {
    var operation = new LinkedHashMap<String, Object>();
    operation.put("op", op);
    operation.put("path", path);
    operation.put("value", value);
    operations.add(operation);
  }
}
