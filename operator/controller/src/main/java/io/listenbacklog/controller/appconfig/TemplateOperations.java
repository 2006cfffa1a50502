package io.listenbacklog.controller.appconfig;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.listenbacklog.appconfig.plan.PodTemplate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;

/**
 * What makes a pod template another, place by place: what does not change is not written, not even
 * as it is. It holds for the template that was read and for no other.
 */
final class TemplateOperations {
  private static final String POD = "/spec/template/spec";

  private final List<Operation> operations = new ArrayList<>();

  private TemplateOperations() {}

  static List<Operation> of(PodTemplateSpec raw, PodTemplate target) {
    PodTemplateSpec wanted = Templates.render(raw, target);
    var all = new TemplateOperations();
    List<Container> before = raw.getSpec().getContainers();
    for (int i = 0; i < before.size(); i++) {
      all.container(
          POD + "/containers/" + i, before.get(i), wanted.getSpec().getContainers().get(i));
    }
    all.list(
        POD + "/volumes",
        raw.getSpec().getVolumes(),
        wanted.getSpec().getVolumes(),
        Volume::getName);
    return all.operations;
  }

  private void container(String path, Container before, Container wanted) {
    words(path + "/command", before.getCommand(), wanted.getCommand());
    words(path + "/args", before.getArgs(), wanted.getArgs());
    list(path + "/env", before.getEnv(), wanted.getEnv(), EnvVar::getName);
    list(
        path + "/volumeMounts",
        before.getVolumeMounts(),
        wanted.getVolumeMounts(),
        VolumeMount::getMountPath);
  }

  /** Of a command line no word stands for itself. */
  private void words(String path, List<String> before, List<String> wanted) {
    if (before.equals(wanted)) return;
    operations.add(wanted.isEmpty() ? Operation.remove(path) : Operation.add(path, wanted));
  }

  /**
   * @param key by which an entry is known again
   */
  private <T> void list(String path, List<T> before, List<T> wanted, Function<T, String> key) {
    if (before.equals(wanted)) return;
    if (before.isEmpty() || !isKeyed(before, key) || !isKeyed(wanted, key)) {
      operations.add(wanted.isEmpty() ? Operation.remove(path) : Operation.add(path, wanted));
      return;
    }
    if (wanted.isEmpty()) {
      operations.add(Operation.remove(path));
      return;
    }
    var left = new ArrayList<T>(before);
    // The last first, for each that goes moves those behind it.
    for (int i = before.size() - 1; i >= 0; i--) {
      String name = key.apply(before.get(i));
      if (wanted.stream().anyMatch(each -> key.apply(each).equals(name))) continue;
      operations.add(Operation.remove(path + "/" + i));
      left.remove(i);
    }
    for (T each : wanted) {
      int at = left.stream().map(key).toList().indexOf(key.apply(each));
      if (at < 0) operations.add(Operation.add(path + "/-", each));
      else if (!left.get(at).equals(each)) operations.add(Operation.replace(path + "/" + at, each));
    }
  }

  private static <T> boolean isKeyed(List<T> all, Function<T, String> key) {
    var keys = new HashSet<String>();
    return all.stream().map(key).allMatch(keys::add);
  }
}
