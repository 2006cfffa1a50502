package io.listenbacklog.appconfig.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.AppConfigRule;
import io.listenbacklog.api.ArgForm;
import io.listenbacklog.api.ArgsChange;
import io.listenbacklog.api.ConfigFormat;
import io.listenbacklog.api.ConfigMapChange;
import io.listenbacklog.api.EnvChange;
import io.listenbacklog.api.EnvCombine;
import io.listenbacklog.appconfig.plan.PodTemplate.Container;
import io.listenbacklog.appconfig.plan.PodTemplate.Mount;
import io.listenbacklog.appconfig.plan.PodTemplate.Variable;
import io.listenbacklog.appconfig.plan.PodTemplate.Volume;
import io.listenbacklog.appconfig.plan.Proposal.Impossible;
import io.listenbacklog.appconfig.plan.Proposal.Possible;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Several entries of a policy about one thing: each finds what those before it have written. */
class ProposalsTest {
  private static final String NGINX = "server { listen 8080; listen 127.0.0.1:8081; }\n";
  private static final String OWNER = "uid-web";
  private static final String FPM = "[www]\nlisten = 9000\n[slow]\nlisten = 9001\n";

  private static PodTemplate template(Volume... volumes) {
    var container =
        new Container(
            "web",
            List.of("serve"),
            List.of(),
            List.of(),
            false,
            List.of(new Mount("conf", "/etc")));
    return new PodTemplate(List.of(container), List.of(volumes));
  }

  private static Volume volume(String configMap) {
    return new Volume("conf", configMap, List.of());
  }

  private static AppConfigRule file(String name, String key, ConfigFormat format, String path) {
    return new AppConfigRule(null, null, null, null, new ConfigMapChange(name, key, format, path));
  }

  private static AppConfigRule listen(String address) {
    return file("web", "nginx.conf", ConfigFormat.NGINX, "listen " + address);
  }

  private static Proposal proposal(
      List<AppConfigRule> rules, PodTemplate template, Map<String, String> data) {
    return Proposals.of(
        rules, OWNER, template, Map.of("web", new ConfigMapFacts(data, Map.of())), 3000);
  }

  /** As nginx with two listeners needs it, for a policy asks for both. */
  @Test
  void twoValuesOfOneFileAreInOneCopy() {
    var template = template(volume("web"));

    var proposal =
        proposal(
            List.of(listen("8080"), listen("127.0.0.1:8081")),
            template,
            Map.of("nginx.conf", NGINX));

    assertThat(proposal.edits()).hasOnlyElementsOfType(Possible.class);
    assertThat(proposal.configMaps()).hasSize(1);
    var copy = proposal.configMaps().entrySet().iterator().next();
    assertThat(copy.getValue().data())
        .isEqualTo(
            Map.of(
                "nginx.conf",
                "server { listen 8080 backlog=3000; listen 127.0.0.1:8081 backlog=3000; }\n"));
    assertThat(proposal.changes())
        .containsExactly(new Change.Reference("conf", -1, "web", copy.getKey()));
    var written = Change.applied(proposal.changes(), template);
    assertThat(written.volumes()).containsExactly(volume(copy.getKey()));
    assertThat(Change.undone(proposal.changes(), written)).isEqualTo(template);
  }

  /** A copy goes with the workload that it was made for, and must not be another's then. */
  @Test
  void eachWorkloadHasACopyOfItsOwn() {
    var template = template(volume("web"));
    var files = Map.of("web", new ConfigMapFacts(Map.of("nginx.conf", NGINX), Map.of()));

    var one = Proposals.of(List.of(listen("8080")), "uid-1", template, files, 3000);
    var other = Proposals.of(List.of(listen("8080")), "uid-2", template, files, 3000);

    assertThat(one.configMaps().values()).containsExactlyElementsOf(other.configMaps().values());
    assertThat(one.configMaps())
        .doesNotContainKeys(other.configMaps().keySet().toArray(String[]::new));
  }

  @Test
  void nothingThatIsLargerIsLowered() {
    var rules =
        List.of(
            listen("8080"),
            file("web", "www.conf", ConfigFormat.INI, "[www] listen.backlog"),
            new AppConfigRule(
                null, null, null, new ArgsChange(null, "--backlog", ArgForm.EQUALS), null),
            new AppConfigRule(
                null,
                null,
                new EnvChange(null, "OPTIONS", "--backlog=$(backlog)", EnvCombine.APPEND),
                null,
                null));
    var container =
        new Container(
            "web",
            List.of("serve"),
            List.of("--backlog=65535"),
            List.of(new Variable("OPTIONS", "--backlog=3001")),
            false,
            List.of(new Mount("conf", "/etc")));
    var template = new PodTemplate(List.of(container), List.of(volume("web")));

    var proposal =
        proposal(
            rules,
            template,
            Map.of(
                "nginx.conf",
                "server { listen 8080 backlog=8192; }\n",
                "www.conf",
                "[www]\nlisten = 9000\nlisten.backlog = -1\n"));

    assertThat(proposal.changes()).isEmpty();
    assertThat(proposal.edits())
        .extracting(each -> ((Possible) each).to())
        .containsExactly("8192", "-1", "65535", "3001");
  }

  /** What is in there is not known, and a variable in env takes its place. */
  @Test
  void aVariableThatMayComeFromElsewhereIsNotReplaced() {
    var container = new Container("web", List.of("serve"), List.of(), List.of(), true, List.of());
    var template = new PodTemplate(List.of(container), List.of());

    var append = new EnvChange(null, "OPTIONS", "--backlog=$(backlog)", EnvCombine.APPEND);

    for (var rule :
        List.of(
            new AppConfigRule(null, null, append, null, null),
            new AppConfigRule("PythonSocketserver", null, null, null, null))) {
      assertThat(Proposals.of(List.of(rule), OWNER, template, Map.of(), 3000).edits())
          .singleElement()
          .isInstanceOfSatisfying(
              Impossible.class,
              impossible -> assertThat(impossible.why()).contains("may come from envFrom"));
    }
  }

  @Test
  void aVariableInEnvIsAppendedToWhateverElseComesFromElsewhere() {
    var options = List.of(new Variable("OPTIONS", "--quiet"));
    var web = new Container("web", List.of("serve"), List.of(), options, true, List.of());
    var append = new EnvChange("web", "OPTIONS", "--backlog=$(backlog)", EnvCombine.APPEND);

    assertThat(proposed(append, new PodTemplate(List.of(web), List.of())))
        .isInstanceOfSatisfying(
            Possible.class,
            it -> assertThat(it.changes().toString()).contains("--quiet --backlog=3000"));
  }

  @Test
  void whatAnotherContainerHasFromElsewhereDoesNotMatter() {
    var web = new Container("web", List.of("serve"), List.of(), List.of(), false, List.of());
    var proxy = new Container("proxy", List.of("proxy"), List.of(), List.of(), true, List.of());
    var append = new EnvChange("web", "OPTIONS", "--backlog=$(backlog)", EnvCombine.APPEND);

    assertThat(proposed(append, new PodTemplate(List.of(proxy, web), List.of())))
        .isInstanceOf(Possible.class);
  }

  static Stream<Arguments> whereANumberStands() {
    return Stream.of(
        Arguments.of("Uwsgi", List.of("--ini", "/etc/uwsgi.ini"), "", "uwsgi.ini", "listen = 100"),
        Arguments.of("Uwsgi", List.of("-w", "app", "--listen", "100"), "", "args --listen", ""),
        Arguments.of("Gunicorn", List.of("--backlog", "64", "a:b"), "", "args --backlog", ""),
        Arguments.of("Uvicorn", List.of("a:b", "--backlog=64"), "", "args --backlog", ""),
        Arguments.of("Granian", List.of("--backlog", "64", "a:b"), "", "args --backlog", ""),
        // The argument counts, however much the variable says.
        Arguments.of("Uvicorn", List.of("--backlog=64"), "UVICORN_BACKLOG", "args --backlog", ""),
        Arguments.of("Uvicorn", List.of("a:b"), "UVICORN_BACKLOG", "env UVICORN_BACKLOG", ""),
        Arguments.of(
            "Kafka",
            List.of("/etc/server.properties"),
            "",
            "server.properties",
            "socket.listen.backlog.size=50"),
        // Where none stands, the usual way.
        Arguments.of("Kafka", List.of(), "", "env KAFKA_SOCKET_LISTEN_BACKLOG_SIZE", "log.dir=/x"),
        Arguments.of("Gunicorn", List.of("a:b"), "", "env GUNICORN_CMD_ARGS", ""));
  }

  /** Of several ways that a preset has, what is said in the other would not count. */
  @ParameterizedTest
  @MethodSource("whereANumberStands")
  void aPresetChangesTheNumberWhereOneStands(
      String preset, List<String> args, String variable, String what, String line) {
    var env = variable.isEmpty() ? List.<Variable>of() : List.of(new Variable(variable, "65535"));
    var container =
        new Container(
            "web", List.of("serve"), args, env, false, List.of(new Mount("conf", "/etc")));
    var files =
        what.indexOf('.') < 0
            ? Map.of("uwsgi.ini", "[uwsgi]\n", "server.properties", line + "\n")
            : Map.of(what, (what.endsWith(".ini") ? "[uwsgi]\n" : "") + line + "\n");

    var proposal =
        proposal(
            List.of(new AppConfigRule(preset, null, null, null, null)),
            new PodTemplate(List.of(container), List.of(volume("web"))),
            files);

    assertThat(proposal.edits())
        .singleElement()
        .isInstanceOfSatisfying(Possible.class, it -> assertThat(it.what()).endsWith(what));
  }

  private static Proposal.Edit proposed(EnvChange change, PodTemplate template) {
    var rules = List.of(new AppConfigRule(null, null, change, null, null));
    return Proposals.of(rules, OWNER, template, Map.of(), 3000).edits().getFirst();
  }

  @Test
  void twoFilesOfOneConfigMapAreInOneCopy() {
    var proposal =
        proposal(
            List.of(
                listen("8080"),
                file("web", "www.conf", ConfigFormat.INI, "[www] listen.backlog"),
                file("web", "www.conf", ConfigFormat.INI, "[slow] listen.backlog")),
            template(volume("web")),
            Map.of("nginx.conf", NGINX, "www.conf", FPM, "other", "as it is"));

    assertThat(proposal.edits()).hasOnlyElementsOfType(Possible.class);
    var data = proposal.configMaps().values().iterator().next().data();
    assertThat(proposal.configMaps()).hasSize(1);
    assertThat(data.get("nginx.conf")).contains("listen 8080 backlog=3000;");
    assertThat(data)
        .containsEntry("www.conf", FPM.replace("listen =", "listen.backlog = 3000\nlisten ="));
    assertThat(data).containsEntry("other", "as it is");
  }

  /** Whose way is a file of that name, which is in our copy by then. */
  @Test
  void aPresetFindsTheFileThatAnEntryBeforeItHasChanged() {
    var preset = new AppConfigRule("PhpFpm", null, null, null, null);

    var proposal =
        proposal(
            List.of(listen("8080"), preset),
            template(volume("web")),
            Map.of("nginx.conf", NGINX, "www.conf", FPM));

    assertThat(proposal.edits()).hasOnlyElementsOfType(Possible.class);
    assertThat(proposal.configMaps()).hasSize(1);
  }

  @Test
  void aSourceOfAProjectedVolumeIsReplacedTwiceToo() {
    var template = template(new Volume("conf", null, List.of("certificates", "web")));

    var proposal =
        proposal(
            List.of(listen("8080"), listen("127.0.0.1:8081")),
            template,
            Map.of("nginx.conf", NGINX));

    var written = Change.applied(proposal.changes(), template);
    assertThat(written.volumes().getFirst().projected())
        .containsExactly("certificates", proposal.configMaps().keySet().iterator().next());
    assertThat(Change.undone(proposal.changes(), written)).isEqualTo(template);
  }

  @Test
  void twoFlagsOfOneCommandAreBothSet() {
    var template = template();

    var proposal =
        proposal(List.of(flag("--backlog"), flag("--admin-backlog")), template, Map.of());

    var written = Change.applied(proposal.changes(), template);
    assertThat(written.containers().getFirst().args())
        .containsExactly("--backlog=3000", "--admin-backlog=3000");
    assertThat(Change.undone(proposal.changes(), written)).isEqualTo(template);
  }

  @Test
  void aConfigMapThatIsNotThereIsNamed() {
    var rules = List.of(listen("8080"));

    var proposal = Proposals.of(rules, OWNER, template(volume("web")), Map.of(), 3000);

    assertThat(proposal.absent()).containsExactly("web");
    assertThat(proposal.edits()).singleElement().isInstanceOf(Impossible.class);
    assertThat(proposal(rules, template(volume("web")), Map.of("nginx.conf", NGINX)).absent())
        .isEmpty();
  }

  /** A native sidecar is one of the init containers, which the template here does not have. */
  @Test
  void thatSidecarsAreNotWrittenIsSaid() {
    var proxy = new EnvChange("proxy", "BACKLOG", "$(backlog)", EnvCombine.SET);
    assertThat(proposed(proxy, template()))
        .isInstanceOfSatisfying(
            Impossible.class,
            it ->
                assertThat(it.why())
                    .isEqualTo(
                        "The pod has no container proxy, but web; an init container or sidecar is"
                            + " not written."));
  }

  private static AppConfigRule flag(String name) {
    return new AppConfigRule(null, null, null, new ArgsChange(null, name, ArgForm.EQUALS), null);
  }
}
