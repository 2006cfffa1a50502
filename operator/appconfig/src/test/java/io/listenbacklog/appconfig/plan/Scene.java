package io.listenbacklog.appconfig.plan;

import static java.util.Objects.requireNonNull;

import io.listenbacklog.appconfig.plan.PodTemplate.Container;
import io.listenbacklog.appconfig.plan.PodTemplate.Variable;
import io.listenbacklog.appconfig.plan.PodTemplate.Volume;
import io.listenbacklog.appconfig.plan.Situation.Asked;
import io.listenbacklog.appconfig.plan.Situation.Intent;
import io.listenbacklog.appconfig.plan.Situation.Listeners;
import io.listenbacklog.appconfig.plan.Situation.Pod;
import io.listenbacklog.appconfig.plan.Situation.Turn;
import io.listenbacklog.appconfig.plan.Workload.Strategy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A workload of three healthy pods and a policy that may write: what a test changes of it. */
final class Scene {
  static final Instant START = Instant.parse("2026-11-28T10:00:00Z");
  static final Change.Env CHANGE = new Change.Env("api", "OPTIONS", null, "--backlog=64");

  Instant now = START.plus(Duration.ofHours(1));
  Duration observeFor = Duration.ofMinutes(5);
  long generation = 1;
  String uid = "policy-uid";
  boolean force;
  boolean restore = true;
  boolean policyPaused;
  int minReplicas = 2;
  int maxUnavailablePods = 1;
  @Nullable Reason shownOnly;
  boolean nobodyAsks;
  @Nullable Proposal proposal = proposal(CHANGE);

  @Nullable String options;

  List<String> args = List.of();

  /** The ConfigMap that the template names; empty: it has no such volume. */
  String configMap = "";

  String templateHash = "t1";
  int replicas = 3;
  int updated = 3;
  int available = 3;
  boolean seen = true;
  String paused = "";
  String unfinished = "";
  boolean awaited;
  boolean failed;
  @Nullable Instant progressed;
  Strategy strategy = new Workload.Rolling(1);
  List<String> writers = List.of();
  List<String> blocked = List.of();
  List<Pod> pods = new ArrayList<>();
  Listeners listeners = new Situation.Undersized("listener 0.0.0.0:9876 of pod api-1 has 5 of 64");
  Turn turn = new Turn("", 0, 1, "");
  @Nullable Memory memory;

  Scene() {
    for (int i = 1; i <= 3; i++) pods.add(pod("api-" + i, START, 0));
  }

  static Pod pod(String name, Instant created, int restarts) {
    return new Pod(name, created, true, restarts, "", null);
  }

  static Pod crashing(String name, Instant created, int restarts) {
    return new Pod(name, created, false, restarts, "container api ended with 1", created);
  }

  static Proposal proposal(Change... changes) {
    return proposal(64, changes);
  }

  static Proposal proposal(int backlog, Change... changes) {
    var edit =
        new Proposal.Possible(
            "api",
            "env OPTIONS",
            "",
            String.valueOf(backlog),
            List.of(changes),
            Map.of(),
            "spec: …");
    return new Proposal(List.of(edit), backlog, Set.of());
  }

  static Proposal proposed(Proposal.Edit... edits) {
    return new Proposal(List.of(edits), 64, Set.of());
  }

  /** Where the user's own template or files say as much by themselves. */
  static Proposal saidByUser() {
    return proposed(
        new Proposal.Possible("api", "env OPTIONS", "64", "64", List.of(), Map.of(), null));
  }

  Decision decide() {
    return Plan.of(
        new Situation(
            intent(),
            new Workload(
                "Deployment/api",
                template(),
                templateHash,
                new Progress(
                    replicas,
                    updated,
                    replicas,
                    available,
                    seen,
                    paused,
                    unfinished,
                    awaited,
                    failed,
                    Duration.ofMinutes(10),
                    progressed),
                strategy,
                writers,
                blocked),
            pods,
            listeners,
            memory,
            turn,
            now));
  }

  private Intent intent() {
    if (nobodyAsks) return new Situation.Nothing();
    var asked =
        new Asked(
            new Memory.PolicyId("BacklogPolicy", "openstack", "api", uid, generation),
            START,
            proposal,
            policyPaused,
            maxUnavailablePods,
            minReplicas,
            observeFor,
            force,
            restore);
    return shownOnly == null ? new Situation.Write(asked) : new Situation.Show(asked, shownOnly);
  }

  private PodTemplate template() {
    List<Variable> env = options == null ? List.of() : List.of(new Variable("OPTIONS", options));
    return new PodTemplate(
        List.of(new Container("api", List.of(), args, env, false, List.of())),
        configMap.isEmpty() ? List.of() : List.of(new Volume("conf", configMap, List.of())));
  }

  private void become(PodTemplate template) {
    options =
        template.containers().getFirst().variable("OPTIONS").map(Variable::value).orElse(null);
    args = template.containers().getFirst().args();
    if (!configMap.isEmpty()) {
      configMap = requireNonNull(template.volumes().getFirst().configMap());
    }
  }

  /** Does what the decision says, as the controller and Kubernetes do, the new pods at once. */
  Decision.@Nullable Said carryOut(Decision decision) {
    return switch (decision) {
      case Decision.Apply(var said, var undo, var written, var left) -> {
        memory = left;
        become(Change.applied(written.changes(), Change.undone(undo, template())));
        newPods();
        yield said;
      }
      case Decision.Undo(var said, var left) -> {
        memory = left;
        become(Change.undone(left.changes(), template()));
        newPods();
        yield said;
      }
      case Decision.Remember(var said, var left) -> {
        memory = left;
        yield said;
      }
      case Decision.Forget _ -> {
        memory = null;
        yield null;
      }
      case Decision.Leave(var said) -> said;
      case Decision.Ignore _ -> null;
    };
  }

  void newPods() {
    pods.replaceAll(each -> pod(each.name() + "n", now, 0));
  }

  Decision.@Nullable Said step() {
    return carryOut(decide());
  }

  void later(Duration by) {
    now = now.plus(by);
  }

  /** What the policy asks of the file of ConfigMap web, at one of its versions. */
  static Proposal copy(String version) {
    return proposal(new Change.Reference("conf", -1, "web", "web-backlog-" + version));
  }

  /** With its configuration in ConfigMap web. */
  Scene withConfigMap() {
    configMap = "web";
    proposal = copy("1");
    return this;
  }

  /** Written, and all pods are new. */
  Scene verifying() {
    step();
    step();
    return this;
  }

  /** Written, and it works. */
  Scene applied() {
    verifying();
    listeners = new Situation.Native();
    later(Plan.SETTLED);
    step();
    return this;
  }
}
