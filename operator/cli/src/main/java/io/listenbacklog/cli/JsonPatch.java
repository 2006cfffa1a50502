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
    var all = new ArrayList<Map<?, ?>>();
    if (of.get(field) instanceof List<?> found) {
      for (Object each : found) if (each instanceof Map<?, ?> element) all.add(element);
    }
    return all;
  }

  /** By name, and where there is one by the path that something is mounted at; −1: it is not. */
  private static int place(List<Map<?, ?>> elements, Map<?, ?> wanted) {
    for (int at = 0; at < elements.size(); at++) {
      Map<?, ?> each = elements.get(at);
      boolean same =
          wanted.containsKey("mountPath")
              ? wanted.get("mountPath").equals(each.get("mountPath"))
              : String.valueOf(wanted.get("name")).equals(each.get("name"));
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
