package io.listenbacklog.host;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.process.Container;
import io.listenbacklog.kernel.socket.UnixListenerTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What an audit finds, says and answers scripts, on a machine in memory. */
class AuditTest {
  private static final String ID = "0123456789abcdef".repeat(4);

  private final Machine machine = new Machine();

  @Test
  void oneWithLessThanAskedIsFoundWithWhoItIsOfAndWhatToDo() throws Exception {
    var server = machine.kernel.process(machine.own, "gunicorn").ofUnit("web.service", 4242);
    server.exec("gunicorn", "gunicorn", "app");
    server.listen("0.0.0.0", 8000, 64);

    var answer = machine.audit();

    assertThat(answer.status()).isEqualTo(1);
    var listener = answer.listener(8000);
    assertThat(answer.findings(8000)).containsExactly("BacklogTooSmall");
    assertThat(listener.get("verdict").asText()).isEqualTo("UndersizedByApplication");
    assertThat(listener.get("backlog").asInt()).isEqualTo(64);
    assertThat(listener.get("somaxconn").asInt()).isEqualTo(4096);
    assertThat(listener.get("pid").asInt()).isEqualTo(server.pid());
    assertThat(listener.get("process").asText()).isEqualTo("gunicorn");
    assertThat(listener.get("executable").asText()).isEqualTo("/usr/bin/gunicorn");
    assertThat(listener.get("unit").asText()).isEqualTo("web.service");
    assertThat(listener.get("user").asText()).isEqualTo("4242");
    assertThat(listener.get("application").asText()).isEqualTo("gunicorn");
    assertThat(listener.get("explanation").asText()).contains("64").contains("--backlog");
  }

  @Test
  void oneThatHasWhatIsAskedIsListedAndNothingElseIsSaid() throws Exception {
    machine.kernel.process(machine.own, "nginx").listen("0.0.0.0", 80, 511);

    var answer = machine.audit();

    assertThat(answer.status()).isZero();
    assertThat(answer.findings(80)).isEmpty();
    assertThat(answer.listener(80).get("verdict").asText()).isEqualTo("Sufficient");
    assertThat(answer.listener(80).get("requested").asInt()).isEqualTo(511);
    assertThat(answer.listener(80).get("explanation").asText()).isEmpty();
    assertThat(answer.json().get("notSeen")).isEmpty();
  }

  /** As Linux shows the file of a program that was replaced since it was started. */
  @Test
  void aProgramThatWasUpgradedIsFoundByItsPathAndNamedByIt() throws Exception {
    var server = machine.kernel.process(machine.own, "nginx");
    server.exec("nginx (deleted)");
    server.isCalled("nginx");
    server.listen("0.0.0.0", 80, 511);

    for (String file : List.of("nginx", "/usr/bin/nginx")) {
      var answer = machine.audit("--executable", file);
      assertThat(answer.listener(80).get("executable").asText()).isEqualTo("/usr/bin/nginx");
      assertThat(answer.err()).isEmpty();
    }
  }

  @Test
  void whereNoListenerIsOfWhatIsChosenThatIsSaid() throws Exception {
    machine.kernel.process(machine.own, "nginx").listen("0.0.0.0", 80, 511);

    assertThat(machine.audit("--unit", "nginx", "--port", "80-81").err())
        .isEqualTo("backlog: no listener matches --port 80-81 --unit nginx\n");
    assertThat(machine.table("--executable", "httpd").err())
        .isEqualTo("backlog: no listener matches --executable httpd\n");
    assertThat(new Machine().table().err()).isEmpty();
  }

  @Test
  void whatIsClosedWhileItIsLookedAtIsNotTold() throws Exception {
    var server = machine.kernel.process(machine.own, "nginx");
    server.listen("0.0.0.0", 80, 511);
    var closed = server.listen("0.0.0.0", 81, 5);
    server.listenUnix("/run/stays", 128);
    var unix = server.listenUnix("/run/closed", 128);
    machine.meanwhile(
        () -> {
          server.close(closed);
          server.close(unix);
        });

    var answer = machine.audit();

    assertThat(answer.listeners())
        .extracting(each -> each.get("address").asText())
        .containsExactlyInAnyOrder("0.0.0.0:80", "unix:/run/stays");
    assertThat(answer.status()).isZero();
  }

  @Test
  void theMinimumIsTheUsers() throws Exception {
    machine.kernel.process(machine.own, "nginx").listen("0.0.0.0", 80, 511);

    assertThat(machine.audit("--minimum", "511").status()).isZero();
    assertThat(machine.audit("--minimum", "512").status()).isEqualTo(1);
  }

  @Test
  void oneOfAContainerThatSomaxconnCappedIsToldSoWithoutPoliciesOfACluster() throws Exception {
    var elsewhere = machine.kernel.namespace();
    elsewhere.somaxconn(100);
    var container = new Container("", ID);
    var server = machine.kernel.process(elsewhere, container, "", "caddy");
    server.listen("::", 443, 4096);

    var answer = machine.audit();

    var listener = answer.listener(443);
    assertThat(answer.status()).isEqualTo(1);
    assertThat(listener.get("verdict").asText()).isEqualTo("UndersizedBySomaxconn");
    assertThat(listener.get("container").asText()).isEqualTo(ID);
    assertThat(listener.get("networkNamespace").asLong()).isEqualTo(elsewhere.inode());
    assertThat(listener.has("requested")).isFalse();
    assertThat(listener.get("explanation").asText())
        .contains("is 100 and caps it")
        .contains("sysctl")
        .doesNotContain("Enforce", "policy", "remedy");
  }

  @Test
  void oneFromWhichNothingIsAcceptedIsStalledAndItsThreadIsNamed() throws Exception {
    var server = machine.kernel.process(machine.own, "api");
    var listener = server.listen("0.0.0.0", 9876, 5);
    var client = listener.connected();
    listener.accept(server);
    server.waitsFor(client);
    for (int each = 0; each < 6; each++) listener.connected();

    var answer = machine.audit("--minimum", "5");

    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.findings(9876)).containsExactly("AcceptStalled");
    assertThat(answer.listener(9876).get("queue").asInt()).isEqualTo(6);
    assertThat(answer.listener(9876).get("explanation").asText())
        .contains("stopped accepting on 0.0.0.0:9876")
        .contains("recvfrom")
        .contains("10.0.3.7");
  }

  /** A thread that runs at one look has perhaps woken for a moment: it is looked at once more. */
  @Test
  void whatTheThreadsOfAStalledOneDoIsToldFromTwoLooks() throws Exception {
    var server = machine.kernel.process(machine.own, "api");
    var listener = server.listen("0.0.0.0", 9876, 200);
    var client = listener.connected();
    listener.accept(server);
    server.waitsFor(client);
    server.wakesForMoments();
    for (int each = 0; each < 6; each++) listener.connected();

    var answer = machine.audit();

    assertThat(answer.findings(9876)).containsExactly("AcceptStalled");
    assertThat(answer.listener(9876).get("explanation").asText())
        .contains("recvfrom")
        .doesNotContain("runs");
  }

  /** Of a process with hundreds of stalled listeners the threads are read once. */
  @Test
  void aStrangersManyStalledListenersCostOneLookAtHisThreads() throws Exception {
    var server = machine.kernel.process(machine.own, "api");
    for (int each = 0; each < 200; each++) {
      server.listenUnix("@" + each, 200).connect();
    }
    long before = machine.kernel.threadReads();

    var answer = machine.audit();

    assertThat(answer.listeners()).hasSize(200);
    assertThat(answer.listeners())
        .allMatch(each -> each.get("findings").toString().contains("AcceptStalled"));
    assertThat(machine.kernel.threadReads() - before).isLessThanOrEqualTo(2);
  }

  @Test
  void aUnixListenerIsToldWithWhoItIsOfAndNothingIsAskedOfItsSize() throws Exception {
    var server = machine.kernel.process(machine.own, "php-fpm").ofUnit("php.service", 33);
    server.listenUnix("/run/php/php.sock", 5).connect();
    machine.meanwhile(() -> {});

    var answer = machine.audit("--seconds", "0");

    assertThat(answer.status()).isZero();
    var listener = answer.unix("/run/php/php.sock");
    assertThat(listener.get("unit").asText()).isEqualTo("php.service");
    assertThat(listener.get("process").asText()).isEqualTo("php-fpm");
    assertThat(listener.get("pid").asInt()).isEqualTo(server.pid());
    assertThat(listener.get("user").asText()).isIn("33", "www-data");
    assertThat(listener.get("backlog").asInt()).isEqualTo(5);
    assertThat(listener.get("queue").asInt()).isEqualTo(1);
    assertThat(listener.get("loopback").asBoolean()).isFalse();
    assertThat(listener.has("verdict")).isFalse();
    assertThat(listener.has("drops")).isFalse();
  }

  @Test
  void whereTheyAreGovernedTheyNeedTheMinimumToo() throws Exception {
    var server = machine.kernel.process(machine.own, "gunicorn");
    server.exec("gunicorn", "gunicorn", "app");
    server.listenUnix("/run/web.sock", 64);

    var answer = machine.audit("--unix", "govern");

    assertThat(answer.status()).isEqualTo(1);
    var listener = answer.unix("/run/web.sock");
    assertThat(listener.get("verdict").asText()).isEqualTo("UndersizedByApplication");
    assertThat(listener.get("application").asText()).isEqualTo("gunicorn");
    assertThat(listener.get("explanation").asText()).contains("64").contains("--backlog");
    assertThat(machine.audit("--unix", "govern", "--minimum", "64").status()).isZero();
    assertThat(machine.audit("--unix", "ignore").listeners()).isEmpty();
  }

  @Test
  void aUnixListenerFromWhichNothingIsAcceptedIsStalled() throws Exception {
    var server = machine.kernel.process(machine.own, "php-fpm");
    var socket = server.listenUnix("/run/php.sock", 200);
    for (int each = 0; each < 3; each++) socket.connect();

    var answer = machine.audit();

    assertThat(answer.status()).isEqualTo(1);
    var listener = answer.unix("/run/php.sock");
    assertThat(listener.get("findings").toString()).isEqualTo("[\"AcceptStalled\"]");
    assertThat(listener.get("explanation").asText())
        .contains("stopped accepting on unix:/run/php.sock", "3 connections wait")
        .doesNotContain("has sent nothing");
  }

  @Test
  void aUnixListenerThatAcceptsWhileAsManyComeIsNotStalled() throws Exception {
    var socket = machine.kernel.process(machine.own, "php-fpm").listenUnix("/run/php.sock", 200);
    for (int each = 0; each < 3; each++) socket.connect();
    machine.meanwhile(
        () -> {
          socket.acceptUnix();
          socket.connect();
        });

    assertThat(machine.audit().status()).isZero();
  }

  /** It is empty at first, as those to whom somebody comes only later. */
  @Test
  void aUnixListenerThatIsFullForLongerThanOneLookIsFound() throws Exception {
    var socket = machine.kernel.process(machine.own, "php-fpm").listenUnix("/run/php.sock", 4);
    machine.meanwhile(
        () -> {
          while (socket.queued() > 0) socket.acceptUnix();
          for (int each = 0; each < 6; each++) socket.connect();
        });

    var answer = machine.audit();

    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.unix("/run/php.sock").get("findings").toString())
        .isEqualTo("[\"ListenOverflow\"]");
    assertThat(answer.unix("/run/php.sock").get("explanation").asText())
        .contains("seen full", "EAGAIN")
        .doesNotContain("dropped");
  }

  @Test
  void aUnixListenerThatIsFullAtEverySecondLookIsNoOverflow() throws Exception {
    var socket = machine.kernel.process(machine.own, "php-fpm").listenUnix("/run/php.sock", 4);
    var looks = new AtomicInteger();
    machine.meanwhile(
        () -> {
          while (socket.queued() > 0) socket.acceptUnix();
          if (looks.incrementAndGet() % 2 == 0) for (int i = 0; i < 6; i++) socket.connect();
        });

    assertThat(machine.audit().status()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "--path /run/a.sock,              1",
    "--path /run/*,                   2",
    "--path /nowhere,                 0",
    "--port 80,                       1",
    "--port 80 --path /run/a.sock,    2",
    "--unit a.service,                2",
    "--unix ignore,                   1",
    "--seconds 0,                     3"
  })
  void pathsArePickedAsPortsAre(String options, int listeners) throws Exception {
    var server = machine.kernel.process(machine.own, "server-a").ofUnit("a.service", 0);
    server.listen("::", 80, 511);
    server.listenUnix("/run/a.sock", 511);
    machine.kernel.process(machine.own, "server-b").listenUnix("/run/b.sock", 511);

    assertThat(machine.audit(options.split(" ", -1)).listeners()).hasSize(listeners);
  }

  /** What a user of the machine can put into a path, so that another line seems to be there. */
  @Test
  void aPathCannotLookLikeALineOfTheTable() throws Exception {
    var stranger = machine.kernel.process(machine.own, "a b").ofUnit("x.service", 4242);
    var socket =
        stranger.listenUnix("@x 0 4096 4096 nginx 1 root nginx.service\u00a0\u2800\u202e\\x20", 4);
    for (int each = 0; each < 5; each++) socket.connect();

    var table = machine.table();

    String line = table.out().lines().toList().get(1);
    assertThat(line)
        .startsWith(
            "unix:@x\\x200\\x204096\\x204096\\x20nginx\\x201\\x20root\\x20nginx.service\\u00a0\\u2800?\\x5cx20 ")
        .contains(" a\\x20b ", "x.service");
    assertThat(table.out()).doesNotContain("\u202e");
    assertThat(table.out().lines().filter(each -> each.startsWith("unix:"))).hasSize(2);
  }

  @Test
  void ofVeryManyUnixListenersItIsSaidThatNotAllWereLookedAt() throws Exception {
    var server = machine.kernel.process(machine.own, "many");
    for (int each = 0; each < UnixListenerTable.MOST; each++) server.listenUnix("@" + each, 511);

    var answer = machine.audit("--seconds", "0");

    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.json().get("notSeen").get(0).asText())
        .contains("4096 UNIX listeners or more");
  }

  @Test
  void ofVeryManyUnixListenersAtWhichSomebodyWaitsItIsSaidThatNotAllWereLookedAt()
      throws Exception {
    var server = machine.kernel.process(machine.own, "many");
    for (int each = 0; each < 300; each++) server.listenUnix("@" + each, 200).connect();

    var answer = machine.audit();

    long stalled =
        answer.listeners().stream()
            .filter(each -> each.get("findings").toString().contains("AcceptStalled"))
            .count();
    assertThat(stalled).isEqualTo(256);
    assertThat(answer.json().get("notSeen").toString())
        .contains("at more than 256 UNIX listeners of network namespace");
  }

  @Test
  void whereTheKernelShowsNoUnixListenersThatIsSaidAndTheOthersAreTold() throws Exception {
    machine.kernel.process(machine.own, "nginx").listen("0.0.0.0", 80, 511);
    machine.own.hideUnix(new SyscallException("sendto", Errno.ENOENT));

    var answer = machine.audit();

    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.findings(80)).isEmpty();
    assertThat(answer.json().get("notSeen").toString()).contains("UNIX listeners of", "ENOENT");
  }

  /** The same length, and others wait. */
  @Test
  void oneThatAcceptsWhileAsManyComeIsNotStalled() throws Exception {
    var listener = machine.kernel.process(machine.own, "api").listen("0.0.0.0", 9876, 511);
    for (int each = 0; each < 6; each++) listener.connected();
    machine.meanwhile(
        () -> {
          listener.accept();
          listener.connected();
        });

    assertThat(machine.audit().status()).isZero();
  }

  /** SO_REUSEPORT: who waits at the one that accepts keeps the other from being told no longer. */
  @Test
  void oneOfAGroupThatHangsBesideOneThatAcceptsIsStalled() throws Exception {
    var server = machine.kernel.process(machine.own, "api");
    var hangs = server.listen("0.0.0.0", 9876, 511);
    var accepts = server.listen("0.0.0.0", 9876, 511);
    hangs.connected();
    machine.pass(Duration.ofSeconds(1));
    accepts.connected();
    machine.meanwhile(
        () -> {
          if (accepts.queued() > 0) accepts.accept();
        });

    assertThat(machine.audit().listeners())
        .extracting(each -> each.get("findings").toString())
        .containsExactlyInAnyOrder("[\"AcceptStalled\"]", "[]");
  }

  @Test
  void oneLookProvesNoStall() throws Exception {
    var listener = machine.kernel.process(machine.own, "api").listen("0.0.0.0", 9876, 511);
    listener.connected();
    machine.pass(Duration.ofHours(1));

    assertThat(machine.audit("--seconds", "0").status()).isZero();
  }

  @Test
  void oneThatDropsAttemptsWhileItIsWatchedOverflowed() throws Exception {
    var listener = machine.kernel.process(machine.own, "api").listen("0.0.0.0", 9876, 200);
    machine.meanwhile(
        () -> {
          while (listener.queued() > 0) listener.accept();
          for (int each = 0; each < 210; each++) listener.connect();
        });

    var answer = machine.audit();

    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.findings(9876)).containsExactly("ListenOverflow");
    assertThat(answer.listener(9876).get("explanation").asText())
        .contains("dropped connection attempts");
  }

  /** A counter that moved yesterday is shown, and proves nothing of now. */
  @Test
  void dropsOfBeforeAreShownAndAreNoFinding() throws Exception {
    var listener = machine.kernel.process(machine.own, "api").listen("0.0.0.0", 9876, 200);
    for (int each = 0; each < 210; each++) listener.connect();
    while (listener.queued() > 0) listener.accept();

    var answer = machine.audit();

    assertThat(answer.status()).isZero();
    assertThat(answer.listener(9876).get("drops").asInt()).isEqualTo(9);
  }

  @Test
  void dropsForAnotherReasonAreNoOverflow() throws Exception {
    var listener = machine.kernel.process(machine.own, "api").listen("0.0.0.0", 9876, 200);
    machine.meanwhile(listener::strayReset);

    assertThat(machine.audit().status()).isZero();
  }

  @Test
  void whatIsExemptIsSeenAndNothingIsAskedOfIt() throws Exception {
    machine.kernel.process(machine.own, "java").listen("127.0.0.1", 8005, 1);

    assertThat(machine.audit("--exempt", "8005").status()).isZero();
    assertThat(machine.audit("--exempt", "8000-8099").listener(8005).has("verdict")).isFalse();
    assertThat(machine.audit("--exempt", "8006").status()).isEqualTo(1);
    assertThat(machine.audit().listener(8005).get("loopback").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "--port,       81,                1",
    "--port,       80-81,             2",
    "--port,       9,                 0",
    "--unit,       a.service,         1",
    "--unit,       c.service,         0",
    "--executable, server-b,          1",
    "--executable, /usr/bin/server-a, 1",
    "--executable, server,            0"
  })
  void onlyWhatIsAskedForIsTold(String option, String value, int listeners) throws Exception {
    machine.kernel.process(machine.own, "server-a").ofUnit("a.service", 0).listen("::", 80, 511);
    machine.kernel.process(machine.own, "server-b").ofUnit("b.service", 0).listen("::", 81, 511);

    assertThat(machine.audit(option, value).listeners()).hasSize(listeners);
  }

  @Test
  void theMasterIsNamedNotItsWorkers() throws Exception {
    machine.kernel.nextPid(500);
    var master = machine.kernel.process(machine.own, "gunicorn");
    master.listen("0.0.0.0", 8000, 2048);
    machine.pass(Duration.ofSeconds(1));
    machine.kernel.nextPid(300); // pids began anew
    master.fork();
    master.fork();

    var listener = machine.audit().listener(8000);

    assertThat(listener.get("pid").asInt()).isEqualTo(500);
    assertThat(listener.get("processes").asInt()).isEqualTo(3);
  }

  @Test
  void systemdIsNamedOnlyWhereNobodyElseHoldsIt() throws Exception {
    var systemd = machine.kernel.process(machine.own, "systemd").ofUnit("init.scope", 0);
    var socket = systemd.listen("::", 22, 4096);

    assertThat(machine.audit().listener(22).get("unit").asText()).isEqualTo("init.scope");

    machine.pass(Duration.ofSeconds(1));
    var server = machine.kernel.process(machine.own, "sshd").ofUnit("ssh.service", 0);
    server.receive(socket);
    server.isHanded(3);

    var listener = machine.audit().listener(22);
    assertThat(listener.get("unit").asText()).isEqualTo("ssh.service");
    assertThat(listener.get("application").asText()).isEqualTo("handed-over");
  }

  @Test
  void withoutTheRightsItIsSaidWhichAreMissing() {
    machine.kernel.withoutPtrace();

    assertThatThrownBy(machine::audit)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("CAP_SYS_PTRACE")
        .hasMessageContaining("root");
  }

  /** Nothing found is no good news where not all was looked at. */
  @Test
  void aNamespaceThatCannotBeEnteredIsSaid() throws Exception {
    machine.kernel.process(machine.own, "nginx").listen("0.0.0.0", 80, 511);
    var closed = machine.kernel.namespace();
    machine.kernel.process(closed, "other");
    closed.breakWith(new SyscallException("setns", Errno.EPERM));

    var answer = machine.audit();
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.json().get("notSeen").get(0).asText())
        .contains(String.valueOf(closed.inode()))
        .contains("EPERM");
    assertThat(machine.table().err()).contains("not seen").contains("EPERM");

    machine.kernel.process(machine.own, "small").listen("0.0.0.0", 81, 5);
    assertThat(machine.audit().status()).isEqualTo(1);
  }

  /** As on a machine with a security module: none of thousands can be read. */
  @Test
  void ofVeryManyThatCannotBeLookedAtTheFirstAreSaidAndTheOthersCounted() throws Exception {
    for (int i = 0; i < 50; i++) {
      var closed = machine.kernel.namespace();
      machine.kernel.process(closed, "other").listen("0.0.0.0", 80, 511);
      closed.breakWith(new SyscallException("setns", Errno.EPERM));
    }

    var notSeen = machine.audit("--seconds", "5").json().get("notSeen");

    assertThat(notSeen).hasSize(21);
    assertThat(notSeen.get(20).asText()).isEqualTo("and 30 more that could not be looked at");
  }

  @Test
  void processesThatProcfsHidesAreSaid() throws Exception {
    machine.kernel.unlisted("hidepid");

    var answer = machine.audit();

    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.json().get("notSeen").get(0).asText()).isEqualTo("hidepid");
  }

  @Test
  void forPeopleItIsATableAndASentenceForEachFinding() throws Exception {
    var container = new Container("", ID);
    machine.kernel.process(machine.own, container, "", "tiny\u001b[31m").listen("::", 80, 5);
    machine.kernel.process(machine.own, "nginx").ofUnit("nginx.service", 1).listen("::", 81, 511);

    var answer = machine.table();

    assertThat(answer.out().lines().toList().getFirst())
        .matches(
            "ADDRESS +QUEUE +BACKLOG +SOMAXCONN +DROPS +PROCESS +PID +USER +SERVICE +FINDINGS");
    assertThat(answer.out())
        .containsPattern("(?m)^\\[::\\]:80 +0 +5 +4096 .* container 0123456789ab +BacklogTooSmall$")
        .containsPattern("(?m)^\\[::\\]:81 +0 +511 +4096 .* nginx\\.service$")
        .containsPattern("(?m)^\\[::\\]:80 \\(tiny.*, pid [0-9]+\\): The application asked for 5 ")
        .contains("Listeners: 2, with findings: 1")
        .doesNotContain("\u001b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "audit --minimum 0",
        "audit --minimum 65536",
        "audit --minimum many",
        "audit --seconds -1",
        "audit --seconds 3601",
        "audit -o yaml",
        "audit --unix Ignored",
        "audit --unix ignore --path /run/a.sock",
        "audit --port 0",
        "audit --port 9-8",
        "audit --exempt http",
        "audit --no-such-option",
        "audit 80",
        "watch",
        ""
      })
  void wrongUsageIsSaidAndIsStatus2(String command) {
    var err = new StringWriter();
    var line = HostCommand.commandLine().setErr(new PrintWriter(err));

    int status = line.execute(command.isEmpty() ? new String[0] : command.split(" ", -1));

    assertThat(status).isEqualTo(2);
    assertThat(err.toString()).isNotBlank();
  }

  /** picocli's own would be 1, which a script takes for a finding. */
  @Test
  void whatFailsUnexpectedlyIsStatus2Too() {
    var audit = new CommandLine(new Audit());

    assertThat(audit.getCommandSpec().exitCodeOnExecutionException()).isEqualTo(2);
  }

  /** systemd does not start a watch again that ended with 2. */
  @Test
  void ofAWatchOnlyWhatTheNextStartWouldMeetAsWellIsStatus2() throws Exception {
    var line = HostCommand.commandLine();
    var handler = line.getExecutionExceptionHandler();
    var parsed = line.parseArgs("watch", "--undo");
    var watch = requireNonNull(line.getSubcommands().get("watch"));
    watch.setErr(new PrintWriter(new StringWriter()));

    assertThat(handler.handleExecutionException(new FinalException("rights"), watch, parsed))
        .isEqualTo(2);
    assertThat(handler.handleExecutionException(new BadPolicyException("policy"), watch, parsed))
        .isEqualTo(2);
    assertThat(handler.handleExecutionException(new IOException("journal"), watch, parsed))
        .isEqualTo(70);
    assertThat(watch.getCommandSpec().exitCodeOnExecutionException()).isEqualTo(70);
  }

  @Test
  void theHelpStatesWhatIsAskedAndWhatTheStatusMeans() {
    var out = new StringWriter();
    int status = HostCommand.commandLine().setOut(new PrintWriter(out)).execute("audit", "--help");

    assertThat(status).isZero();
    assertThat(out.toString()).contains("128 is enough").contains("Exit status:").contains("root");
  }
}
