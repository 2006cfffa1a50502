package io.listenbacklog.e2e.chart;

import static io.listenbacklog.e2e.harness.TestNamespace.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.e2e.harness.Command;
import io.listenbacklog.e2e.harness.NeedsTestNodes;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each part and each user may do; what they may not do is tried, and refused. */
@OnTestCluster
@NeedsTestNodes("reads /proc of the containers")
class RightsIT {
  private static final String SPEC = "{\"spec\":{\"requirements\":[]}}";

  @Test
  void aProbeWritesTheStatusOfItsOwnNode(TestCluster cluster) {
    Pod probe = probes(cluster).getFirst();
    assertThat(refusal(cluster, tokenOf(cluster, probe), probe.getSpec().getNodeName())).isEmpty();
  }

  @Test
  void aStolenProbeTokenIsRefusedForAnotherNode(TestCluster cluster) {
    Pod probe = probes(cluster).getFirst();
    String other = probes(cluster).getLast().getSpec().getNodeName();

    assertThat(refusal(cluster, tokenOf(cluster, probe), other))
        .contains(
            "the probe of node %s may write the NodeBacklog %s alone, not %s"
                .formatted(probe.getSpec().getNodeName(), probe.getSpec().getNodeName(), other));
  }

  @Test
  void aTokenOfTheProbesAccountWithoutAPodIsRefusedForAllNodes(TestCluster cluster) {
    String token =
        cluster
            .kubectl(
                "create", "token", account("probe"), "--namespace", TestCluster.OPERATOR_NAMESPACE)
            .strip();
    for (Pod probe : probes(cluster)) {
      assertThat(refusal(cluster, token, probe.getSpec().getNodeName()))
          .contains("a probe's token must be bound to a pod on a node");
    }
  }

  @Test
  void aProbeDoesNotWriteWhatIsAskedOfIt(TestCluster cluster) {
    Pod probe = probes(cluster).getFirst();
    var result =
        as(cluster, tokenOf(cluster, probe))
            .and(List.of("patch", "nodebacklog", probe.getSpec().getNodeName()))
            .and(List.of("--type=merge", "--patch", SPEC, "--dry-run=server"))
            .run();
    assertThat(result.exit()).isNotZero();
    assertThat(result.errors()).contains("cannot patch resource \"nodebacklogs\"");
  }

  @ParameterizedTest
  @CsvSource({
    // The probe: NodeBacklogs, and nothing else in the API.
    "probe,       get,    nodebacklogs,                                      ,       yes",
    "probe,       watch,  nodebacklogs,                                      ,       yes",
    "probe,       patch,  nodebacklogs,                                      status, yes",
    "probe,       update, nodebacklogs,                                      status, no",
    "probe,       create, nodebacklogs,                                      ,       no",
    "probe,       delete, nodebacklogs,                                      ,       no",
    "probe,       list,   pods,                                              ,       no",
    "probe,       get,    secrets,                                           ,       no",
    "probe,       list,   namespaces,                                        ,       no",
    "probe,       get,    nodes,                                             ,       no",
    "probe,       list,   backlogpolicies.listenbacklog.io,                  ,       no",
    "probe,       create, events.events.k8s.io,                              ,       no",
    "probe,       create, serviceaccounts,                                   token,  no",
    "probe,       create, pods,                                              exec,   no",
    "probe,       create, tokenreviews.authentication.k8s.io,                ,       no",
    "probe,       create, subjectaccessreviews.authorization.k8s.io,         ,       no",
    // The controller: reads what its decisions rest on, writes their results, touches no workload.
    "controller,  list,   pods,                                              ,       yes",
    "controller,  create, events.events.k8s.io,                              ,       yes",
    "controller,  get,    events.events.k8s.io,                              ,       yes",
    "controller,  patch,  events.events.k8s.io,                              ,       yes",
    "controller,  list,   events.events.k8s.io,                              ,       no",
    "controller,  patch,  backlogpolicies.listenbacklog.io,                  status, yes",
    "controller,  patch,  backlogpolicies.listenbacklog.io,                  ,       no",
    "controller,  patch,  nodebacklogs,                                      status, no",
    "controller,  delete, nodebacklogs,                                      ,       no",
    "controller,  get,    pods,                                              ,       no",
    "controller,  patch,  pods,                                              ,       no",
    "controller,  delete, pods,                                              ,       no",
    "controller,  create, pods,                                              exec,   no",
    "controller,  get,    pods,                                              log,    no",
    "controller,  get,    secrets,                                           ,       no",
    "controller,  list,   configmaps,                                        ,       no",
    "controller,  patch,  deployments.apps,                                  ,       no",
    "controller,  patch,  nodes,                                             ,       no",
    "controller,  create, serviceaccounts,                                   token,  no",
    "controller,  create, clusterrolebindings.rbac.authorization.k8s.io,     ,       no",
    "controller,  delete, events.events.k8s.io,                              ,       no",
    "controller,  create, tokenreviews.authentication.k8s.io,                ,       no",
    "controller,  get,    jobs.batch,                                        ,       no",
    // The uninstall Job's account does not exist before.
    "uninstall,   list,   nodebacklogs,                                      ,       no",
    "uninstall,   delete, nodebacklogs,                                      ,       no",
  })
  void anAccountMayDoThisAndNotThat(
      String part,
      String verb,
      String resource,
      @Nullable String subresource,
      String may,
      TestCluster cluster) {
    String all = "--all-namespaces";
    assertThat(
            subresource == null
                ? canI(cluster, part, verb, resource, all)
                : canI(cluster, part, verb, resource, all, "--subresource=" + subresource))
        .isEqualTo(may);
  }

  @Test
  void theControllersLeaseIsTheOnlyOneItMayChange(TestCluster cluster) {
    String[] here = {"--namespace", TestCluster.OPERATOR_NAMESPACE};
    String lease = "leases.coordination.k8s.io/" + account("controller");
    assertThat(canI(cluster, "controller", "patch", lease, here)).isEqualTo("yes");
    assertThat(canI(cluster, "controller", "patch", "leases.coordination.k8s.io/other", here))
        .isEqualTo("no");
    assertThat(canI(cluster, "controller", "patch", lease, "--namespace", "kube-system"))
        .isEqualTo("no");
  }

  @Test
  void aRealRequestOfTheControllerForSecretsIsRefused(TestCluster cluster) {
    Pod controller = pods(cluster, "controller").getFirst();
    var result =
        as(cluster, tokenOf(cluster, controller))
            .and(List.of("get", "secrets", "--namespace", TestCluster.OPERATOR_NAMESPACE))
            .run();
    assertThat(result.exit()).isNotZero();
    assertThat(result.errors()).contains("cannot list resource \"secrets\"");
  }

  @ParameterizedTest
  @CsvSource({
    "view,  'get,list,watch'",
    "edit,  'get,list,watch,create,update,patch,delete,deletecollection'",
    "admin, 'get,list,watch,create,update,patch,delete,deletecollection'",
  })
  void aRoleInANamespaceIsForItsPoliciesTooAndForNothingElseOfOurs(
      String role, String verbs, TestCluster cluster, TestNamespace namespace) {
    Command user = user(cluster, namespace, role);

    eventually(
        () ->
            assertThat(rightsToOurs(user, namespace.name()))
                .isEqualTo(
                    Map.of("backlogpolicies.listenbacklog.io [] []", Set.of(verbs.split(",")))));
    assertThat(rightsToOurs(user, "default")).isEmpty();
  }

  @Test
  void whoEditsANamespaceAppliesAPolicyAndWhoViewsItReadsWhatBecameOfIt(
      TestCluster cluster, TestNamespace namespace) {
    List<String> there = List.of("--namespace", namespace.name());
    Command editor = user(cluster, namespace, "edit").and(there);
    Command viewer = user(cluster, namespace, "view").and(there);

    eventually(
        () ->
            editor
                .and(List.of("apply", "--filename=-"))
                .reading(
                    """
                    apiVersion: listenbacklog.io/v1alpha1
                    kind: BacklogPolicy
                    metadata: {name: own}
                    spec: {mode: Enforce, minimum: 64}
                    """)
                .succeed());
    eventually(
        () ->
            assertThat(
                    viewer.and(List.of("get", "backlogpolicy", "own", "--output=yaml")).succeed())
                .contains("reason: NoPods"));

    String status =
        "/apis/listenbacklog.io/v1alpha1/namespaces/%s/backlogpolicies/own/status"
            .formatted(namespace.name());
    assertThat(refused(viewer, "delete", "backlogpolicy", "own"))
        .contains("cannot delete resource \"backlogpolicies\"");
    // Raw, because "kubectl patch" reads the status first, which is refused too.
    assertThat(refused(editor.reading("{}"), "replace", "--raw=" + status, "--filename=-"))
        .contains("cannot update resource \"backlogpolicies/status\"");
    assertThat(refused(editor, "get", "clusterbacklogpolicies"))
        .contains("cannot list resource \"clusterbacklogpolicies\"");
    assertThat(refused(editor, "get", "nodebacklogs"))
        .contains("cannot list resource \"nodebacklogs\"");
  }

  @Test
  void ofTheRunningPodsOnlyTheProbesBreakThePodSecurityStandardRestricted(TestCluster cluster) {
    var result =
        cluster
            .kubectlCommand(
                "label",
                "namespace",
                TestCluster.OPERATOR_NAMESPACE,
                "--dry-run=server",
                "--overwrite",
                "pod-security.kubernetes.io/enforce=restricted")
            .run();
    assertThat(result.exit()).isZero();
    List<String> broken =
        result.errors().lines().filter(line -> line.contains(TestCluster.RELEASE)).toList();
    assertThat(broken)
        .isNotEmpty()
        .allMatch(line -> line.contains(account("probe")) && !line.contains("privileged"));
  }

  @Test
  void aProbeHasFourCapabilitiesInItsBoundingSetAndNoMore(TestCluster cluster) {
    for (Pod probe : probes(cluster)) {
      String id = probe.getStatus().getContainerStatuses().getFirst().getContainerID();
      String pid =
          Command.of("pgrep", "--full", "opt/java/bin/java.*@probe")
              .succeed()
              .lines()
              .filter(each -> cgroup(each).contains(id.substring(id.lastIndexOf('/') + 1)))
              .findFirst()
              .orElseThrow();
      String status = Command.of("cat", "/proc/" + pid + "/status").succeed();
      // CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE, CAP_SYS_ADMIN, CAP_SYSLOG:
      // include/uapi/linux/capability.h
      long four = 1L << 2 | 1L << 19 | 1L << 21 | 1L << 34;
      for (String set : List.of("CapBnd", "CapPrm", "CapEff")) {
        assertThat(status).contains("%s:\t%016x".formatted(set, four).strip());
      }
      assertThat(status).contains("NoNewPrivs:\t1", "Seccomp:\t2");
    }
  }

  private static String cgroup(String pid) {
    return Command.of("cat", "/proc/" + pid + "/cgroup").run().output();
  }

  private static List<Pod> probes(TestCluster cluster) {
    List<Pod> probes = pods(cluster, "probe");
    assertThat(probes).hasSizeGreaterThan(1);
    return probes;
  }

  private static List<Pod> pods(TestCluster cluster, String component) {
    return cluster
        .client()
        .pods()
        .inNamespace(TestCluster.OPERATOR_NAMESPACE)
        .withLabel("app.kubernetes.io/component", component)
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  private static String account(String part) {
    return TestCluster.RELEASE + "-" + part;
  }

  /** yes or no. */
  private static String canI(
      TestCluster cluster, String part, String verb, String resource, String... more) {
    String user = "system:serviceaccount:" + TestCluster.OPERATOR_NAMESPACE + ":" + account(part);
    var question = cluster.kubectlCommand("auth", "can-i", verb, resource, "--as", user);
    return question.and(List.of(more)).run().output().strip().toLowerCase(Locale.ROOT);
  }

  /** A token as the kubelet requests it for a pod: bound to the pod, and so to its node. */
  private static String tokenOf(TestCluster cluster, Pod pod) {
    return cluster
        .kubectl(
            "create",
            "token",
            pod.getSpec().getServiceAccountName(),
            "--namespace",
            TestCluster.OPERATOR_NAMESPACE,
            "--bound-object-kind=Pod",
            "--bound-object-name=" + pod.getMetadata().getName(),
            "--bound-object-uid=" + pod.getMetadata().getUid())
        .strip();
  }

  /** kubectl as a user with one role in one namespace, and no other right. */
  private static Command user(TestCluster cluster, TestNamespace namespace, String role) {
    namespace.kubectl("create", "serviceaccount", role);
    namespace.kubectl(
        "create",
        "rolebinding",
        role,
        "--clusterrole=" + role,
        "--serviceaccount=" + namespace.name() + ":" + role);
    return as(cluster, namespace.kubectl("create", "token", role).strip());
  }

  /** A user's verbs in our API group, by resource, URLs and names of objects. */
  private static Map<String, Set<String>> rightsToOurs(Command user, String namespace) {
    var rights = new TreeMap<String, Set<String>>();
    user.and(List.of("auth", "can-i", "--list", "--no-headers", "--namespace", namespace))
        .succeed()
        .lines()
        .filter(line -> line.contains("listenbacklog.io"))
        .forEach(
            line -> {
              // backlogpolicies.listenbacklog.io   []   []   [get list watch]
              int verbs = line.lastIndexOf('[');
              rights
                  .computeIfAbsent(
                      line.substring(0, verbs).strip().replaceAll(" +", " "), _ -> new TreeSet<>())
                  .addAll(List.of(line.substring(verbs + 1, line.lastIndexOf(']')).split(" ")));
            });
    return rights;
  }

  /** The answer to a user who may not do this. */
  private static String refused(Command user, String... words) {
    var result = user.and(List.of(words)).run();
    assertThat(result.succeeded()).as(result.text()).isFalse();
    return result.errors();
  }

  /**
   * Writes a status as a probe does it, without reading it before.
   *
   * @return why the API server does not take it; empty: it would
   */
  private static String refusal(TestCluster cluster, String token, String node) {
    var tried = new NodeBacklog();
    tried.setMetadata(new ObjectMetaBuilder().withName(node).build());
    tried.setStatus(
        new NodeBacklogStatus(
            1L,
            "tried by a test",
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            null,
            null));
    // It goes through admission but is not stored: the real probe is not disturbed.
    var dryRun =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("test")
            .withForce(true)
            .withDryRun(List.of("All"))
            .build();
    var its =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(cluster.client().getMasterUrl().toString())
            .withOauthToken(token)
            .withTrustCerts(true)
            .build();
    try (var client = new KubernetesClientBuilder().withConfig(its).build()) {
      client.resource(tried).subresource("status").patch(dryRun);
      return "";
    } catch (KubernetesClientException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** kubectl with nothing but a token: a client certificate would take precedence. */
  private static Command as(TestCluster cluster, String token) {
    return cluster.kubectlCommand(
        "--kubeconfig=/dev/null",
        "--server=" + cluster.client().getMasterUrl(),
        "--insecure-skip-tls-verify",
        "--token=" + token);
  }
}
