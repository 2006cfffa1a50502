package io.listenbacklog.controller.appconfig;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.listenbacklog.appconfig.plan.Change;
import io.listenbacklog.appconfig.plan.PodTemplate;
import io.listenbacklog.appconfig.plan.PodTemplate.Container;
import io.listenbacklog.appconfig.plan.PodTemplate.Mount;
import io.listenbacklog.appconfig.plan.PodTemplate.Variable;
import io.listenbacklog.appconfig.plan.PodTemplate.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Pod templates as Kubernetes has them, and as {@link PodTemplate} does. */
final class Templates {

  /** What of it matters. */
  static PodTemplate facts(@Nullable PodSpec pod) {
    if (pod == null) return new PodTemplate(List.of(), List.of());
    return new PodTemplate(
        pod.getContainers().stream().map(Templates::container).toList(),
        pod.getVolumes().stream().map(Templates::volume).toList());
  }

  /**
   * Names of the native sidecars that see one of these volumes. Other init containers listen to
   * nobody, and what they make of a file may be any container's.
   */
  static List<String> sidecarsThatMount(Set<String> volumes, @Nullable PodSpec pod) {
    if (pod == null) return List.of();
    return pod.getInitContainers().stream()
        .filter(each -> "Always".equals(each.getRestartPolicy()))
        .filter(
            each -> each.getVolumeMounts().stream().anyMatch(at -> volumes.contains(at.getName())))
        .map(io.fabric8.kubernetes.api.model.Container::getName)
        .toList();
  }

  private static Container container(io.fabric8.kubernetes.api.model.Container of) {
    return new Container(
        of.getName(),
        of.getCommand(),
        of.getArgs(),
        of.getEnv().stream()
            .map(
                each ->
                    new Variable(
                        each.getName(),
                        each.getValueFrom() == null
                            ? requireNonNullElse(each.getValue(), "")
                            : null))
            .toList(),
        !of.getEnvFrom().isEmpty(),
        of.getVolumeMounts().stream()
            .map(each -> new Mount(each.getName(), each.getMountPath()))
            .toList());
  }

  private static Volume volume(io.fabric8.kubernetes.api.model.Volume of) {
    String configMap = of.getConfigMap() == null ? null : of.getConfigMap().getName();
    List<String> projected =
        of.getProjected() == null
            ? List.of()
            : of.getProjected().getSources().stream()
                .map(
                    each ->
                        each.getConfigMap() == null || each.getConfigMap().getName() == null
                            ? ""
                            : each.getConfigMap().getName())
                .toList();
    return new Volume(of.getName(), configMap, projected);
  }

  /** A copy in which all that {@link PodTemplate} knows is as the target says. */
  static PodTemplateSpec render(PodTemplateSpec raw, PodTemplate target) {
    var copy = new PodTemplateSpecBuilder(raw).build();
    for (var each : copy.getSpec().getContainers()) {
      target.container(each.getName()).ifPresent(wanted -> render(each, wanted));
    }
    var volumes = new ArrayList<io.fabric8.kubernetes.api.model.Volume>();
    for (Volume wanted : target.volumes()) {
      volumes.add(
          copy.getSpec().getVolumes().stream()
              .filter(each -> each.getName().equals(wanted.name()))
              .findFirst()
              .map(each -> rendered(each, wanted))
              .orElseGet(() -> fresh(wanted)));
    }
    copy.getSpec().setVolumes(volumes);
    return copy;
  }

  private static void render(io.fabric8.kubernetes.api.model.Container raw, Container wanted) {
    raw.setCommand(wanted.command());
    raw.setArgs(wanted.args());
    var env = new ArrayList<EnvVar>();
    for (Variable variable : wanted.env()) {
      env.add(
          raw.getEnv().stream()
              .filter(each -> each.getName().equals(variable.name()))
              .filter(each -> each.getValueFrom() != null || isSame(each, variable))
              .findFirst()
              .orElseGet(() -> fresh(variable)));
    }
    raw.setEnv(env);
    var mounts = new ArrayList<VolumeMount>();
    for (Mount mount : wanted.mounts()) {
      mounts.add(
          raw.getVolumeMounts().stream()
              .filter(each -> new Mount(each.getName(), each.getMountPath()).equals(mount))
              .findFirst()
              .orElseGet(() -> fresh(mount)));
    }
    raw.setVolumeMounts(mounts);
  }

  private static boolean isSame(EnvVar raw, Variable wanted) {
    return requireNonNullElse(raw.getValue(), "").equals(wanted.value());
  }

  private static EnvVar fresh(Variable variable) {
    return new EnvVarBuilder().withName(variable.name()).withValue(variable.value()).build();
  }

  private static VolumeMount fresh(Mount mount) {
    return new VolumeMountBuilder()
        .withName(mount.volume())
        .withMountPath(mount.path())
        .withReadOnly(true)
        .build();
  }

  private static io.fabric8.kubernetes.api.model.Volume fresh(Volume volume) {
    return new VolumeBuilder()
        .withName(volume.name())
        .withNewConfigMap()
        .withName(volume.configMap())
        .endConfigMap()
        .build();
  }

  private static io.fabric8.kubernetes.api.model.Volume rendered(
      io.fabric8.kubernetes.api.model.Volume raw, Volume wanted) {
    ConfigMapVolumeSource configMap = raw.getConfigMap();
    if (configMap != null) configMap.setName(wanted.configMap());
    for (int i = 0; i < wanted.projected().size(); i++) {
      VolumeProjection source = raw.getProjected().getSources().get(i);
      if (source.getConfigMap() != null) source.getConfigMap().setName(wanted.projected().get(i));
    }
    return raw;
  }

  /**
   * What server-side apply is to say: of the target the places that changes are about, and nothing
   * else.
   *
   * @param raw for what goes with such a place as a whole
   */
  static PodTemplateSpec applied(PodTemplateSpec raw, PodTemplate target, List<Change> touched) {
    PodTemplateSpec whole = render(raw, target);
    Set<String> volumes =
        touched.stream()
            .flatMap(each -> volume(each).stream())
            .collect(Collectors.toCollection(TreeSet::new));
    var fresh = new PodTemplateSpecBuilder().withNewSpec().endSpec().build();
    for (var each : whole.getSpec().getContainers()) {
      var part = part(each, touched);
      if (part != null) fresh.getSpec().getContainers().add(part);
    }
    for (var each : whole.getSpec().getVolumes()) {
      if (volumes.contains(each.getName())) fresh.getSpec().getVolumes().add(part(each));
    }
    return fresh;
  }

  private static List<String> volume(Change change) {
    return switch (change) {
      case Change.Reference reference -> List.of(reference.volume());
      case Change.NewVolume(String volume, _) -> List.of(volume);
      case Change.Env _, Change.Args _, Change.NewMount _ -> List.of();
    };
  }

  private static io.fabric8.kubernetes.api.model.@Nullable Container part(
      io.fabric8.kubernetes.api.model.Container whole, List<Change> touched) {
    var part = new io.fabric8.kubernetes.api.model.Container();
    part.setName(whole.getName());
    boolean any = false;
    var names = new TreeSet<String>();
    var volumes = new TreeSet<String>();
    boolean args = false;
    for (Change each : touched) {
      switch (each) {
        case Change.Env env when env.container().equals(whole.getName()) -> names.add(env.name());
        case Change.Args of when of.container().equals(whole.getName()) -> args = true;
        case Change.NewMount mount when mount.container().equals(whole.getName()) ->
            volumes.add(mount.volume());
        case Change.Env _,
            Change.Args _,
            Change.NewMount _,
            Change.Reference _,
            Change.NewVolume _ -> {
          continue;
        }
      }
      any = true;
    }
    part.setEnv(whole.getEnv().stream().filter(each -> names.contains(each.getName())).toList());
    part.setVolumeMounts(
        whole.getVolumeMounts().stream().filter(each -> volumes.contains(each.getName())).toList());
    if (args) {
      part.setCommand(whole.getCommand());
      part.setArgs(whole.getArgs());
    }
    return any ? part : null;
  }

  /** The name of the ConfigMap alone; the sources of a projected volume are one list. */
  private static io.fabric8.kubernetes.api.model.Volume part(
      io.fabric8.kubernetes.api.model.Volume whole) {
    var part = new VolumeBuilder().withName(whole.getName());
    if (whole.getConfigMap() != null) {
      part.withNewConfigMap().withName(whole.getConfigMap().getName()).endConfigMap();
    }
    if (whole.getProjected() != null) {
      part.withNewProjected().withSources(whole.getProjected().getSources()).endProjected();
    }
    return part.build();
  }

  private Templates() {}
}
