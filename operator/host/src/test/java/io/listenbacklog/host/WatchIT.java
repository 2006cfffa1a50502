package io.listenbacklog.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.listenbacklog.kernel.testing.DatagramReceiver;
import io.listenbacklog.kernel.testing.Inhabitant;
import io.listenbacklog.kernel.testing.Need;
import io.listenbacklog.kernel.testing.Needs;
import io.listenbacklog.policy.pages.Pages;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real kernel, watched by processes that have the capabilities of the systemd unit and no
 * others: listeners of a network namespace of their own, on ports that nothing else has.
 */
@Needs({Need.ROOT, Need.PYTHON, Need.UNSHARE})
class WatchIT {
  private static final int SELECTED = 47_611;
  private static final int ANOTHER = 47_612;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path UNIT =
      Pages.REPOSITORY.resolve("operator/host/src/main/systemd/backlog-watch.service");
  private static final String CAPABILITIES = "CapabilityBoundingSet=";

  @TempDir Path folder;
  private final List<Process> started = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private Inhabitant elsewhere;

  @BeforeEach
  void settle() {
    elsewhere = Inhabitant.settle();
  }

  @AfterEach
  void leave() throws InterruptedException {
    for (var each : started) {
      each.destroyForcibly();
      each.waitFor();
    }
    elsewhere.close();
  }

  @Test
  void withoutEnforceItIsSaidThatAListenerIsTooSmallAndNothingIsChanged() throws Exception {
    elsewhere.listen("0.0.0.0", SELECTED, 5);
    elsewhere.listen("0.0.0.0", ANOTHER, 5);

    var watch = watch("observe", "-f", policy());
    String line = watch.await("BacklogTooSmall");
    int status = watch.terminate();

    assertThat(line)
        .contains("0.0.0.0:" + SELECTED, "pid " + elsewhere.pid(), "has a backlog of 5", "for 64");
    assertThat(status).isEqualTo(143);
    assertThat(watch.text()).contains("nothing is changed without --enforce");
    assertThat(watch.text()).doesNotContain(":" + ANOTHER);
    assertThat(backlog(SELECTED)).isEqualTo(5);
    assertThat(backlog(ANOTHER)).isEqualTo(5);
  }

  @Test
  void withEnforceItIsRaisedAndStaysSoUntilItIsUndone() throws Exception {
    elsewhere.listen("0.0.0.0", SELECTED, 5);
    elsewhere.listen("0.0.0.0", ANOTHER, 5);

    var first = watch("first", "-f", policy(), "--enforce");
    assertThat(first.await("BacklogRaised")).contains("has a backlog of 64 now, raised from 5");
    assertThat(backlog(SELECTED)).isEqualTo(64);
    assertThat(first.terminate()).isEqualTo(143);
    assertThat(first.text()).contains("stopped; stays as raised: 1");
    assertThat(backlog(SELECTED)).isEqualTo(64);

    var second = watch("second", "-f", policy(), "--enforce");
    second.await("taken over from an earlier watch, as raised: 1");
    elsewhere.listen("127.0.0.1", SELECTED + 2, 5);
    second.await("127.0.0.1:" + (SELECTED + 2)); // so it has looked at all
    assertThat(second.terminate()).isEqualTo(143);
    assertThat(second.text()).doesNotContain("0.0.0.0:" + SELECTED);
    assertThat(backlog(SELECTED)).isEqualTo(64);

    var undo = watch("undo", "--undo");
    assertThat(undo.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(undo.process.exitValue()).as(undo.text()).isZero();
    assertThat(undo.text()).contains("BacklogRestored").contains("nothing is raised any more");
    assertThat(backlog(SELECTED)).isEqualTo(5);
    assertThat(backlog(ANOTHER)).isEqualTo(5);
  }

  @Test
  void oneFromWhichNothingIsAcceptedIsSaidWhenItBeginsAndWhenItIsOver() throws Exception {
    var stalled = elsewhere.listen("127.0.0.1", SELECTED, 100);
    assertThat(elsewhere.connect("127.0.0.1", SELECTED)).isTrue();

    var watch = watch("stall", "-f", policy());
    String begins = watch.await("AcceptStalled");
    stalled.accept();
    String ends = watch.await("accepted nothing on 127.0.0.1:" + SELECTED);
    watch.terminate();

    assertThat(begins).contains("pid " + elsewhere.pid(), "1 connection waits");
    assertThat(ends).contains("AcceptStalled", "until");
    assertThat(watch.text().lines().filter(each -> each.contains("AcceptStalled"))).hasSize(2);
  }

  /** As a unit of Type=notify with a watchdog, by another program in the place of systemd. */
  @Test
  void systemdIsToldWhenItIsReadyThatItLivesThatItReadsAgainAndThatItStops() throws Exception {
    elsewhere.listen("0.0.0.0", SELECTED, 5);
    String name = "@listen-backlog-watch-" + elsewhere.pid();
    environment.put("NOTIFY_SOCKET", name);
    environment.put("WATCHDOG_USEC", "2000000");
    try (var systemd = DatagramReceiver.at(name)) {
      var watch = watch("notify", "-f", policy(), "--enforce");

      String ready = systemd.next();
      assertThat(ready).startsWith("READY=1\nSTATUS=watching ");
      // Its first sweep may have raised it by then.
      if (!ready.contains("raised: 1")) {
        assertThat(systemd.nextWith("raised: 1")).startsWith("STATUS=watching ");
      }
      assertThat(systemd.nextWith("WATCHDOG")).isEqualTo("WATCHDOG=1");
      assertThat(systemd.nextWith("WATCHDOG")).isEqualTo("WATCHDOG=1");
      hangUp(watch);
      assertThat(systemd.nextWith("RELOADING=1")).containsPattern("MONOTONIC_USEC=[0-9]+\n");
      assertThat(systemd.nextWith("READY=1")).contains("raised: 1");
      watch.terminate();
      assertThat(systemd.nextWith("STOPPING=1")).isNotEmpty();
    }
  }

  /** It goes on where nobody listens to what systemd is told, and says so once. */
  @Test
  void whereSystemdCannotBeToldItGoesOn() throws Exception {
    elsewhere.listen("0.0.0.0", SELECTED, 5);
    environment.put("NOTIFY_SOCKET", folder.resolve("nobody").toString());

    var watch = watch("deaf", "-f", policy());
    String line = watch.await("systemd could not be told");
    watch.await("BacklogTooSmall");

    assertThat(watch.terminate()).isEqualTo(143);
    assertThat(line).contains("nobody): ENOENT");
  }

  @Test
  void bySighupThePoliciesAreReadAgain() throws Exception {
    elsewhere.listen("0.0.0.0", SELECTED, 5);
    String file = policy();
    String policies = Files.readString(Path.of(file));
    var watch = watch("again", "-f", file, "--enforce");
    watch.await("BacklogRaised");

    Files.writeString(Path.of(file), policies.replace("64", "many"));
    hangUp(watch);
    assertThat(watch.await("those before stay in force"))
        .contains("policy.yaml: spec.minimum: \"many\" is not in 1 to 65535");
    assertThat(backlog(SELECTED)).isEqualTo(64);

    Files.writeString(Path.of(file), policies.replace("mode: Enforce", "mode: Observe"));
    hangUp(watch);
    assertThat(watch.await("BacklogRestored")).contains("has its own backlog of 5 again");
    assertThat(backlog(SELECTED)).isEqualTo(5);
    assertThat(watch.terminate()).isEqualTo(143);
  }

  private static void hangUp(Watching watch) throws Exception {
    String pid = String.valueOf(watch.process.pid());
    assertThat(new ProcessBuilder("kill", "-HUP", pid).start().waitFor()).isZero();
  }

  @Test
  void aUnixListenerIsRaisedAndPutBack() throws Exception {
    String path = folder.resolve("pool.sock").toString();
    var socket = elsewhere.unix(path);
    socket.listen(5);
    var file = folder.resolve("unix.yaml");
    Files.writeString(
        file,
        Files.readString(Path.of(policy()))
            .replaceAll(" *ports: .*", "")
            .replace(
                "minimum:",
                "unix: Govern\n  ports: [{path: %s*, minimum: 64}]\n  maximum:".formatted(path)));

    var watch = watch("unix", "-f", file.toString(), "--enforce");
    assertThat(watch.await("BacklogRaised")).contains("UNIX listener " + path);
    assertThat(watch.terminate()).isEqualTo(143);
    var undo = watch("undo-unix", "--undo");
    assertThat(undo.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

    assertThat(undo.process.exitValue()).as(undo.text()).isZero();
    assertThat(undo.text()).contains("BacklogRestored", path);
  }

  @Test
  void aPolicyThatMakesNoSenseIsRefusedAndNothingRuns() throws Exception {
    var file = folder.resolve("bad.yaml");
    Files.writeString(file, Files.readString(Path.of(policy())).replace("64", "many"));

    var watch = watch("bad", "-f", file.toString(), "--enforce");

    assertThat(watch.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(watch.process.exitValue()).isEqualTo(2);
    assertThat(watch.text()).contains("bad.yaml: spec.minimum: \"many\" is not in 1 to 65535");
    assertThat(folder.resolve("journal")).doesNotExist();
  }

  private String policy() throws IOException {
    var file = folder.resolve("policy.yaml");
    Files.writeString(
        file,
        """
        apiVersion: listenbacklog.io/v1alpha1
        kind: HostBacklogPolicy
        metadata: {name: shop}
        spec:
          mode: Enforce
          minimum: 64
          select:
            executables: [python3*]
            ports: [%d, %d]
        """
            .formatted(SELECTED, SELECTED + 2));
    return file.toString();
  }

  private record Watching(Process process, Path output) {
    String text() {
      try {
        return Files.readString(output);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    /** Waits for a line with a text. */
    String await(String text) {
      Awaitility.await()
          .atMost(PATIENCE)
          .failFast("it has ended", () -> !process.isAlive())
          .until(() -> text().contains(text));
      return text().lines().filter(each -> each.contains(text)).findFirst().orElseThrow();
    }

    /** As systemd does; the exit status. */
    int terminate() throws InterruptedException {
      process.destroy();
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    }
  }

  private Watching watch(String name, String... options) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                "setsid", // as a service it has no terminal, by whose SIGHUP it would end
                "setpriv",
                "--bounding-set=-all," + capabilitiesOfUnit(),
                "--inh-caps=-all",
                "--no-new-privs",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                HostCommand.class.getName(),
                "watch",
                "--journal",
                folder.resolve("journal").toString()));
    command.addAll(List.of(options));
    var output = folder.resolve(name + ".txt");
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    process.environment().remove("JOURNAL_STREAM");
    process.environment().putAll(environment);
    var watching = new Watching(process.start(), output);
    started.add(watching.process);
    return watching;
  }

  /** {@code CAP_SYSLOG CAP_…} as setpriv(1) has them: {@code +syslog,+…}. */
  private static String capabilitiesOfUnit() throws IOException {
    var line =
        Files.readAllLines(UNIT).stream()
            .filter(each -> each.startsWith(CAPABILITIES))
            .findFirst()
            .orElseThrow();
    return Arrays.stream(line.substring(CAPABILITIES.length()).split(" ", -1))
        .map(each -> "+" + each.substring("CAP_".length()).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(","));
  }

  /** Where this was not started by Maven, it may be that of a class loader. */
  private static String classPath() {
    return Thread.currentThread().getContextClassLoader() instanceof URLClassLoader loader
        ? Arrays.stream(loader.getURLs()).map(URL::getPath).collect(Collectors.joining(":"))
        : System.getProperty("java.class.path");
  }

  /** What the kernel holds, as an audit sees it. */
  private int backlog(int port) throws IOException {
    var out = new StringWriter();
    HostCommand.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(new StringWriter()))
        .execute("audit", "-o", "json", "--seconds", "0", "--port", String.valueOf(port));
    var listeners = JsonMapper.builder().build().readTree(out.toString()).get("listeners");
    return StreamSupport.stream(listeners.spliterator(), false)
        .filter(each -> each.get("networkNamespace").asLong() == elsewhere.namespace())
        .findFirst()
        .orElseThrow(() -> new AssertionError(out.toString()))
        .get("backlog")
        .asInt();
  }
}
