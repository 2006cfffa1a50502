package io.listenbacklog.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.kernel.fake.FakeProcess;
import io.listenbacklog.kernel.fake.FakeSocket;
import io.listenbacklog.kernel.process.Container;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What a watch does and says, by the real engine on a machine in memory. */
class WatchTest {
  @TempDir Path folder;
  private WatchedMachine machine;

  @BeforeEach
  void begin() {
    machine = new WatchedMachine(folder);
  }

  @AfterEach
  void end() {
    machine.close();
  }

  private static String policy(String name, String spec) {
    return """
        apiVersion: listenbacklog.io/v1alpha1
        kind: HostBacklogPolicy
        metadata: {name: %s}
        spec: %s
        """
        .formatted(name, spec);
  }

  private static final String WEB =
      policy("web", "{mode: Enforce, minimum: 64, select: {units: ['web*.service']}}");

  private FakeProcess service(String unit, String command) {
    return machine.kernel.process(machine.own, command).ofUnit(unit, 4242);
  }

  private static void awaitBacklog(FakeSocket socket, int backlog) {
    await()
        .atMost(WatchedMachine.PATIENCE)
        .untilAsserted(() -> assertThat(socket.backlog()).isEqualTo(backlog));
  }

  @Test
  void withoutEnforceItSaysWhatIsTooSmallAndTouchesNothingWhateverThePolicySays() {
    var socket = service("web.service", "gunicorn").listen("0.0.0.0", 8000, 5);

    machine.watch(WEB);
    String line = machine.awaitLine("BacklogTooSmall web.service: ");
    machine.stop();

    assertThat(line)
        .contains("Warning", "0.0.0.0:8000", "has a backlog of 5", "policy web asks for 64");
    assertThat(machine.lines("web says mode: Enforce, and nothing is changed")).hasSize(1);
    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(machine.kernel.relistens()).isZero();
  }

  @Test
  void withoutEnforceNoSysctlIsTouchedEither() {
    machine.own.somaxconn(16);
    service("web.service", "gunicorn").listen("0.0.0.0", 8000, 5);

    machine.watch(
        policy(
            "web",
            "{mode: Enforce, minimum: 64, remedies: [Sysctl, Relisten],"
                + " sysctls: {somaxconn: 512}, select: {units: [web.service]}}"));
    machine.awaitLine("BacklogTooSmall");
    machine.stop();

    assertThat(machine.own.somaxconn()).isEqualTo(16);
    assertThat(machine.kernel.relistens()).isZero();
  }

  @Test
  void aPolicyInModeObserveRaisesNothingThoughEnforceIsGiven() {
    var socket = service("web.service", "gunicorn").listen("0.0.0.0", 8000, 5);

    machine.watch(policy("web", "{minimum: 64, select: {units: [web.service]}}"), "--enforce");
    machine.awaitLine("BacklogTooSmall");
    machine.stop();

    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(machine.kernel.relistens()).isZero();
  }

  @Test
  void withEnforceOnlyWhatAPolicySelectsIsRaised() {
    var selected = service("web-1.service", "gunicorn").listen("0.0.0.0", 8000, 5);
    var another = service("db.service", "postgres").listen("0.0.0.0", 5432, 5);

    machine.watch(WEB, "--enforce");
    awaitBacklog(selected, 64);
    String line = machine.awaitLine("BacklogRaised web-1.service: ");
    machine.stop();

    assertThat(line).contains("Normal", "has a backlog of 64 now, raised from 5", "policy web");
    assertThat(another.backlog()).isEqualTo(5);
    assertThat(machine.lines("5432")).isEmpty();
  }

  /** Of a service that a policy selects, too, the other ports are left alone, and not spoken of. */
  @Test
  void whereAPolicySelectsPortsTheOthersOfTheServiceAreLeftAlone() {
    var server = service("web.service", "gunicorn");
    var selected = server.listen("0.0.0.0", 8000, 5);
    var another = server.listen("0.0.0.0", 9000, 5);
    var exempt = server.listen("0.0.0.0", 8005, 5);

    machine.watch(
        policy(
            "web",
            "{mode: Enforce, minimum: 64, select: {ports: [8000-8099]},"
                + " ports: [{port: 8005, exempt: true}]}"),
        "--enforce");
    awaitBacklog(selected, 64);
    machine.awaitLine("BacklogRaised");
    machine.stop();

    assertThat(another.backlog()).isEqualTo(5);
    assertThat(exempt.backlog()).isEqualTo(5);
    assertThat(machine.lines(":9000")).isEmpty();
    assertThat(machine.lines(":8005")).isEmpty();
  }

  @Test
  void ofThePoliciesThatSelectAServiceTheFirstGovernsIt() {
    var api = service("api.service", "gunicorn").listen("0.0.0.0", 8000, 5);
    var other = service("other.service", "gunicorn").listen("0.0.0.0", 8001, 5);
    String first = policy("first", "{mode: Enforce, minimum: 32, select: {units: [api.*]}}");
    String all = policy("all", "{mode: Enforce, minimum: 16, select: {executables: ['*']}}");

    machine.watch(first + "---\n" + all, "--enforce");
    awaitBacklog(api, 32);
    awaitBacklog(other, 16);

    machine.stop();
    assertThat(api.backlog()).isEqualTo(32);
  }

  @Test
  void oneThatStartsLaterIsRaisedTooAndOneOfAContainerByItsProgram() {
    machine.watch(
        policy("py", "{mode: Enforce, minimum: 64, select: {executables: [python3*]}}"),
        "--enforce");

    var later = service("later.service", "python3.13").listen("0.0.0.0", 8000, 5);
    var elsewhere = machine.kernel.namespace();
    var container = new Container("", "0123456789abcdef".repeat(4));
    var contained =
        machine.kernel.process(elsewhere, container, "", "python3").listen("0.0.0.0", 80, 5);
    var not = machine.kernel.process(elsewhere, container, "", "nginx").listen("::", 81, 5);

    awaitBacklog(later, 64);
    awaitBacklog(contained, 64);
    machine.awaitLine("container 0123456789ab: ");
    machine.stop();
    assertThat(not.backlog()).isEqualTo(5);
  }

  /** nginx: a master of root, whose workers have another user and hold its socket too. */
  @Test
  void theWorkersOfAMasterAreOfItsServiceWhateverTheirUser() {
    var master = machine.kernel.process(machine.own, "nginx").ofUnit("nginx.service", 0);
    var ofRoot = master.listen("0.0.0.0", 80, 5);
    master.fork().ofUnit("nginx.service", 4242);
    var ofUser = service("web.service", "gunicorn").listen("0.0.0.0", 8000, 5);

    machine.watch(
        policy("users", "{mode: Enforce, minimum: 64, select: {users: ['4242']}}"), "--enforce");
    awaitBacklog(ofUser, 64);
    machine.stop();

    assertThat(ofRoot.backlog()).isEqualTo(5);
  }

  @Test
  void whatIsRaisedStaysWhenItIsStoppedAndTheNextOneTakesItOverAndSaysNothingTwice() {
    var socket = service("web.service", "gunicorn").listen("0.0.0.0", 8000, 5);
    machine.watch(WEB, "--enforce");
    awaitBacklog(socket, 64);
    machine.awaitLine("BacklogRaised");

    assertThat(machine.stop()).isZero();
    assertThat(socket.backlog()).isEqualTo(64);
    assertThat(machine.lines("stopped; stays as raised: 1 (--undo")).hasSize(1);

    machine.watch(WEB, "--enforce");
    var later = service("web-2.service", "gunicorn").listen("0.0.0.0", 8001, 5);
    awaitBacklog(later, 64); // so it has looked at all
    machine.awaitLine("BacklogRaised web-2.service");
    machine.stop();

    assertThat(machine.lines("taken over from an earlier watch, as raised: 1")).hasSize(1);
    assertThat(machine.lines("BacklogRaised web.service")).hasSize(1);
    assertThat(socket.backlog()).isEqualTo(64);
  }

  @Test
  void whatNoPolicyAsksForAnyMoreIsPutBackByTheNextOne() {
    var socket = service("web.service", "gunicorn").listen("0.0.0.0", 8000, 5);
    machine.watch(WEB, "--enforce");
    awaitBacklog(socket, 64);
    machine.stop();

    machine.watch(policy("db", "{mode: Enforce, select: {units: [db.service]}}"), "--enforce");
    awaitBacklog(socket, 5);

    assertThat(machine.awaitLine("BacklogRestored web.service: "))
        .contains("has its own backlog of 5 again");
  }

  @Test
  void policiesAreReadAgainAndWhatTheNewOnesDoNotAskForIsPutBack() {
    var web = service("web.service", "gunicorn").listen("0.0.0.0", 8000, 5);
    var db = service("db.service", "postgres").listen("0.0.0.0", 5432, 7);
    machine.watch(WEB, "--enforce");
    awaitBacklog(web, 64);

    machine.readAgain(policy("db", "{mode: Enforce, minimum: 32, select: {units: [db.service]}}"));
    awaitBacklog(db, 32);
    awaitBacklog(web, 5);

    assertThat(machine.awaitLine("BacklogRestored web.service: "))
        .contains("has its own backlog of 5 again");
    assertThat(machine.lines("watching 1 service by one policy")).hasSize(2);
    machine.stop();
  }

  @Test
  void badPoliciesAreRefusedWithFieldAndValueAndThoseBeforeStayInForce() {
    var web = service("web.service", "gunicorn").listen("0.0.0.0", 8000, 5);
    machine.watch(WEB, "--enforce");
    awaitBacklog(web, 64);

    machine.readAgain(WEB.replace("64", "many"));
    assertThat(machine.awaitLine("are refused, those before stay in force: "))
        .contains("Warning", "policy.yaml: spec.minimum: \"many\" is not in 1 to 65535");

    var later = service("web-2.service", "gunicorn").listen("0.0.0.0", 8001, 5);
    awaitBacklog(later, 64);
    assertThat(web.backlog()).isEqualTo(64);
    machine.readAgain(WEB.replace("64", "96"));
    awaitBacklog(web, 96);
    awaitBacklog(later, 96);
    machine.stop();
  }

  @Test
  void policiesThatAreReadAgainMayRaiseNothingWithoutEnforce() {
    var web = service("web.service", "gunicorn").listen("0.0.0.0", 8000, 5);
    machine.watch(policy("web", "{minimum: 16, select: {units: [web.service]}}"));
    machine.awaitLine("BacklogTooSmall");

    machine.readAgain(WEB);
    machine.awaitLine("policy web says mode: Enforce, and nothing is changed without --enforce");
    var later = service("web-2.service", "gunicorn").listen("0.0.0.0", 8001, 5);
    machine.awaitLine("BacklogTooSmall web-2.service"); // so the new ones are in force
    machine.stop();

    assertThat(later.backlog()).isEqualTo(5);
    assertThat(web.backlog()).isEqualTo(5);
    assertThat(machine.kernel.relistens()).isZero();
  }

  @Test
  void aUnixListenerIsRaisedWhereThePolicyGovernsThemAndPutBack() {
    var server = service("php.service", "php-fpm");
    var pool = server.listenUnix("/run/php.sock", 5);
    var exempt = server.listenUnix("/run/control:8000", 5);
    machine.watch(
        policy(
            "php",
            "{mode: Enforce, minimum: 64, unix: Govern, select: {units: [php.service]},"
                + " ports: [{path: /run/control*, exempt: true}]}"),
        "--enforce");
    awaitBacklog(pool, 64);
    assertThat(machine.awaitLine("BacklogRaised php.service: "))
        .contains("UNIX listener /run/php.sock (php-fpm");
    machine.stop();
    assertThat(exempt.backlog()).isEqualTo(5);

    assertThat(machine.undo()).isZero();
    assertThat(pool.backlog()).isEqualTo(5);
  }

  /** Their size alone is nobody's fault. */
  @Test
  void ofUnixListenersSymptomsAreToldByDefaultAndNothingIsRaised() {
    var server = service("web.service", "php-fpm");
    var full = server.listenUnix("/run/full.sock", 2);
    for (int each = 0; each < 3; each++) full.connect();

    machine.watch(WEB, "--enforce");
    String line = machine.awaitLine("ListenOverflow web.service: ");
    machine.stop();

    assertThat(line).contains("/run/full.sock", "seen full").doesNotContain("pod");
    assertThat(machine.lines("BacklogTooSmall")).isEmpty();
    assertThat(full.backlog()).isEqualTo(2);
  }

  @Test
  void wherePortsAreSelectedUnixListenersAreLeftAloneWhateverTheirPathEndsIn() {
    var server = service("web.service", "gunicorn");
    var unix = server.listenUnix("/tmp/x:8000", 2);
    for (int each = 0; each < 3; each++) unix.connect();
    var selected = server.listen("0.0.0.0", 8000, 5);

    machine.watch(
        policy("web", "{mode: Enforce, minimum: 64, select: {ports: [8000]}}"), "--enforce");
    awaitBacklog(selected, 64);
    machine.awaitLine("BacklogRaised");
    machine.stop();

    assertThat(machine.lines("/tmp/x")).isEmpty();
    assertThat(unix.backlog()).isEqualTo(2);
  }

  @Test
  void undoPutsAllBack() {
    var one = service("web.service", "gunicorn").listen("0.0.0.0", 8000, 5);
    var two = service("web-2.service", "node").listen("::", 3000, 7);
    machine.watch(WEB, "--enforce");
    awaitBacklog(one, 64);
    awaitBacklog(two, 64);
    machine.stop();

    assertThat(machine.undo()).isZero();

    assertThat(one.backlog()).isEqualTo(5);
    assertThat(two.backlog()).isEqualTo(7);
    assertThat(machine.lines("BacklogRestored")).hasSize(2);
    assertThat(machine.lines("nothing is raised any more")).hasSize(1);
    assertThat(machine.undo()).as("a second time").isZero();
  }

  /** As by exec(2) after it was given its socket, and by setuid(2) after listen(2). */
  @Test
  void undoFindsWhatHasBecomeAnotherServiceMeanwhile() {
    var wrapper = service("web.service", "sh");
    var one = wrapper.listen("0.0.0.0", 8000, 5);
    var daemon = service("web-2.service", "node");
    var two = daemon.listen("::", 3000, 7);
    machine.watch(WEB, "--enforce");
    awaitBacklog(one, 64);
    awaitBacklog(two, 64);
    machine.stop();
    wrapper.exec("gunicorn");
    daemon.ofUnit("web-2.service", 33);

    assertThat(machine.undo()).isZero();

    assertThat(one.backlog()).isEqualTo(5);
    assertThat(two.backlog()).isEqualTo(7);
    assertThat(machine.lines("nothing is raised any more")).hasSize(1);
  }

  @Test
  void withoutEnforceItDoesNotStartWhereSomethingIsRaised() {
    var socket = service("web.service", "gunicorn").listen("0.0.0.0", 8000, 5);
    machine.watch(WEB, "--enforce");
    awaitBacklog(socket, 64);
    machine.stop();

    assertThatThrownBy(() -> machine.watch(WEB))
        .hasRootCauseInstanceOf(FinalException.class)
        .hasMessageContaining("give --enforce")
        .hasMessageContaining("--undo");
    assertThat(socket.backlog()).isEqualTo(64);
  }

  /** As where the disk is full. */
  @Test
  void whereItCannotBeKeptWhatWasSaidTheWatchGoesOn() throws IOException {
    Files.createDirectories(folder.resolve("journal/told.json.new"));
    var socket = service("web.service", "gunicorn").listen("0.0.0.0", 8000, 5);

    machine.watch(WEB, "--enforce");
    machine.awaitLine("what was said is not kept: ");
    var later = service("web-2.service", "gunicorn").listen("0.0.0.0", 8001, 5);
    awaitBacklog(later, 64);

    assertThat(machine.stop()).isZero();
    assertThat(socket.backlog()).isEqualTo(64);
    assertThat(machine.lines("is not kept")).hasSize(1);
  }

  @Test
  void thereIsOneWatchOfAJournal() {
    machine.watch(WEB);

    assertThatThrownBy(() -> machine.undo())
        .satisfies(each -> assertThat(each.getCause()).isNotInstanceOf(FinalException.class))
        .hasMessageContaining("another backlog watch runs with the journal in");
  }

  @Test
  void theMachinesOwnSomaxconnIsRaisedOnlyWhereThePolicyNamesThatRemedy() {
    machine.own.somaxconn(16);
    var socket = service("web.service", "gunicorn").listen("0.0.0.0", 8000, 5);

    machine.watch(WEB, "--enforce");
    awaitBacklog(socket, 16);
    assertThat(machine.awaitLine("RemedyUnavailable web.service")).doesNotContain("pod");
    machine.stop();
    assertThat(machine.own.somaxconn()).isEqualTo(16);

    machine.watch(
        policy(
            "web",
            "{mode: Enforce, minimum: 64, remedies: [Relisten, Sysctl],"
                + " select: {units: [web.service]}}"),
        "--enforce");
    awaitBacklog(socket, 64);
    assertThat(machine.awaitLine("SomaxconnRaised"))
        .contains("net.core.somaxconn of its network namespace is 64 now, raised from 16");
    machine.stop();
    assertThat(machine.own.somaxconn()).isEqualTo(64);

    assertThat(machine.undo()).isZero();
    assertThat(machine.own.somaxconn()).isEqualTo(16);
    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(machine.lines("pod")).isEmpty();
  }

  /** Systemd holds the socket of a unit that it starts at the first connection. */
  @Test
  void systemdIsNobodysService() {
    var systemd = machine.kernel.process(machine.own, "systemd").ofUnit("init.scope", 0);
    var socket = systemd.listen("0.0.0.0", 22, 5);
    var sshd = service("ssh.service", "sshd");
    machine.watch(
        policy("all", "{mode: Enforce, minimum: 64, select: {units: ['*']}}"), "--enforce");
    var first = service("first.service", "first").listen("0.0.0.0", 80, 5);
    awaitBacklog(first, 64);
    assertThat(socket.backlog()).isEqualTo(5);

    sshd.receive(socket);

    awaitBacklog(socket, 64);
    assertThat(machine.awaitLine("0.0.0.0:22")).contains("ssh.service");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--undo -f policy.yaml", "--undo --enforce", "--enforce", ""})
  void optionsThatDoNotGoTogetherAreRefused(String options) {
    var watch = new Watch();
    new CommandLine(watch).parseArgs(options.isEmpty() ? new String[0] : options.split(" ", -1));

    assertThatThrownBy(watch::policies).hasMessageContaining("--undo");
  }
}
