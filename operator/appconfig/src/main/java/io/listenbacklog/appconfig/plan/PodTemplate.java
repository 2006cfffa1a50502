package io.listenbacklog.appconfig.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** As much of a pod template as a change of its application's configuration can be about. */
public record PodTemplate(List<Container> containers, List<Volume> volumes) {
  public PodTemplate {
    containers = List.copyOf(containers);
    volumes = List.copyOf(volumes);
  }

  /**
   * A container; init containers are none of these.
   *
   * @param command empty: the image's
   * @param args empty: the image's, unless there is a command
   * @param envFrom whether it has variables whose names the template does not tell
   */
  public record Container(
      String name,
      List<String> command,
      List<String> args,
      List<Variable> env,
      boolean envFrom,
      List<Mount> mounts) {
    public Container {
      command = List.copyOf(command);
      args = List.copyOf(args);
      env = List.copyOf(env);
      mounts = List.copyOf(mounts);
    }

    Optional<Variable> variable(String of) {
      return env.stream().filter(each -> each.name().equals(of)).findFirst();
    }

    Container with(Variable variable) {
      var all = new ArrayList<Variable>();
      boolean replaced = false;
      for (Variable each : env) {
        boolean same = each.name().equals(variable.name());
        all.add(same ? variable : each);
        replaced |= same;
      }
      if (!replaced) all.add(variable);
      return new Container(name, command, args, all, envFrom, mounts);
    }

    Container without(String variable) {
      var left = env.stream().filter(each -> !each.name().equals(variable)).toList();
      return new Container(name, command, args, left, envFrom, mounts);
    }

    Container with(List<String> newCommand, List<String> newArgs) {
      return new Container(name, newCommand, newArgs, env, envFrom, mounts);
    }

    Container withMounts(List<Mount> these) {
      return new Container(name, command, args, env, envFrom, these);
    }
  }

  /**
   * A variable of the environment.
   *
   * @param value null: it comes from elsewhere ({@code valueFrom})
   */
  public record Variable(String name, @Nullable String value) {}

  /** Where a volume is seen in a container. */
  public record Mount(String volume, String path) {}

  /**
   * A volume.
   *
   * @param configMap the ConfigMap it is; null: something else
   * @param projected of a projected volume the ConfigMap of each of its sources, empty where a
   *     source is something else; of other volumes an empty list
   */
  public record Volume(String name, @Nullable String configMap, List<String> projected) {
    public Volume {
      projected = List.copyOf(projected);
    }
  }

  /** The container of that name. */
  public Optional<Container> container(String name) {
    return containers.stream().filter(each -> each.name().equals(name)).findFirst();
  }

  Optional<Volume> volume(String name) {
    return volumes.stream().filter(each -> each.name().equals(name)).findFirst();
  }

  PodTemplate with(String container, UnaryOperator<Container> change) {
    return new PodTemplate(
        containers.stream()
            .map(each -> each.name().equals(container) ? change.apply(each) : each)
            .toList(),
        volumes);
  }

  PodTemplate withVolumes(List<Volume> these) {
    return new PodTemplate(containers, these);
  }
}
