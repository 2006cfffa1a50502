package io.listenbacklog.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.listenbacklog.kernel.testing.Inhabitant;
import io.listenbacklog.kernel.testing.Need;
import io.listenbacklog.kernel.testing.Needs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real kernel, audited: listeners in a network namespace of their own. */
@Needs({Need.ROOT, Need.PYTHON, Need.UNSHARE})
class AuditIT {
  private static final int SMALL = 9876;
  private static final int STALLED = 9877;
  private static final int SOUND = 9878;

  @TempDir Path folder;
  private Inhabitant elsewhere;

  @BeforeEach
  void settle() {
    elsewhere = Inhabitant.settle();
  }

  @AfterEach
  void leave() {
    elsewhere.close();
  }

  private record Answer(int status, String out, String err) {
    JsonNode unix(long namespace, String path) throws IOException {
      var listeners = JsonMapper.builder().build().readTree(out).get("listeners");
      return StreamSupport.stream(listeners.spliterator(), false)
          .filter(each -> each.get("networkNamespace").asLong() == namespace)
          .filter(each -> each.get("address").asText().equals("unix:" + path))
          .findFirst()
          .orElseThrow(() -> new AssertionError("%s is not in %s".formatted(path, out)));
    }

    JsonNode listener(long namespace, int port) {
      try {
        assertThat(out).as(err).isNotEmpty();
        var listeners = JsonMapper.builder().build().readTree(out).get("listeners");
        return StreamSupport.stream(listeners.spliterator(), false)
            .filter(each -> each.get("networkNamespace").asLong() == namespace)
            .filter(each -> each.get("address").asText().endsWith(":" + port))
            .findFirst()
            .orElseThrow(() -> new AssertionError("port %d is not in %s".formatted(port, out)));
      } catch (IOException e) {
        throw new AssertionError(out, e);
      }
    }
  }

  private static Answer audit(String... options) {
    var out = new StringWriter();
    var err = new StringWriter();
    var line = HostCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    var all = new ArrayList<>(List.of("audit", "-o", "json"));
    all.addAll(List.of(options));
    int status = line.execute(all.toArray(String[]::new));
    return new Answer(status, out.toString(), err.toString());
  }

  @Test
  void aSmallOneAndAStalledOneOfAnotherNetworkNamespaceAreFound() throws IOException {
    elsewhere.listen("0.0.0.0", SMALL, 5);
    elsewhere.listen("127.0.0.1", STALLED, 3);
    elsewhere.listen("::", SOUND, 1000);
    for (int client = 0; client < 4; client++) {
      assertThat(elsewhere.connect("127.0.0.1", STALLED)).isTrue();
    }

    var answer = audit("--port", "9876-9878", "--seconds", "2");

    assertThat(answer.status).as(answer.err).isEqualTo(1);
    var small = answer.listener(elsewhere.namespace(), SMALL);
    assertThat(small.get("address").asText()).isEqualTo("0.0.0.0:9876");
    assertThat(small.get("backlog").asInt()).isEqualTo(5);
    assertThat(small.get("queue").asInt()).isZero();
    assertThat(small.get("pid").asInt()).isEqualTo(elsewhere.pid());
    assertThat(small.get("process").asText()).startsWith("python3");
    // Where the tests run in a container, its users have no names.
    assertThat(small.get("user").asText())
        .isEqualTo(small.get("container").asText().isEmpty() ? "root" : "0");
    assertThat(small.get("verdict").asText()).isEqualTo("UndersizedByApplication");
    assertThat(small.get("findings"))
        .extracting(JsonNode::asText)
        .containsExactly("BacklogTooSmall");
    var executable = Path.of("/proc/" + elsewhere.pid() + "/exe").toRealPath();
    assertThat(small.get("executable").asText()).isEqualTo(executable.toString());
    var stalled = answer.listener(elsewhere.namespace(), STALLED);
    assertThat(stalled.get("backlog").asInt()).isEqualTo(3);
    assertThat(stalled.get("queue").asInt()).isEqualTo(4);
    assertThat(stalled.get("loopback").asBoolean()).isTrue();
    assertThat(stalled.get("findings"))
        .extracting(JsonNode::asText)
        .containsExactly("BacklogTooSmall", "AcceptStalled");
    assertThat(stalled.get("explanation").asText())
        .contains("127.0.0.1:9877", "4 connections wait", "the queue is full");
    var sound = answer.listener(elsewhere.namespace(), SOUND);
    assertThat(sound.get("findings")).isEmpty();
    assertThat(sound.get("verdict").asText()).isEqualTo("Sufficient");
  }

  /** What names it can have, and who it is: a real kernel shows a path with all that is in it. */
  @Test
  void unixListenersOfAnotherNetworkNamespaceAreFoundWithWhatIsWrongWithThem() throws Exception {
    String path = folder.resolve("php.sock").toString();
    var pool = elsewhere.unix(path);
    pool.listen(1);
    while (pool.connect()) {
      // Until it is full.
    }
    var sound = elsewhere.unix("@listen-backlog-sound-" + elsewhere.pid(), "seqpacket");
    sound.listen(100);

    var answer = audit("--path", path, "--path", "@listen-backlog-sound-*", "--seconds", "2");

    assertThat(answer.status).as(answer.err).isEqualTo(1);
    var full = answer.unix(elsewhere.namespace(), path);
    assertThat(full.get("findings"))
        .extracting(JsonNode::asText)
        .containsExactly("ListenOverflow", "AcceptStalled");
    assertThat(full.get("pid").asInt()).isEqualTo(elsewhere.pid());
    assertThat(full.get("queue").asInt()).isEqualTo(2);
    assertThat(full.get("backlog").asInt()).isEqualTo(1);
    assertThat(full.get("explanation").asText())
        .contains("stopped accepting on unix:" + path, "2 connections wait", "the queue is full");
    assertThat(answer.unix(elsewhere.namespace(), sound.id().path()).get("findings")).isEmpty();
  }

  @Test
  void somaxconnOfTheOtherNamespaceIsTheOneThatCounts() {
    elsewhere.somaxconn(60);
    elsewhere.listen("::", SMALL, 1000);

    var answer = audit("--port", "9876", "--seconds", "0");

    var listener = answer.listener(elsewhere.namespace(), SMALL);
    assertThat(listener.get("backlog").asInt()).isEqualTo(60);
    assertThat(listener.get("somaxconn").asInt()).isEqualTo(60);
    assertThat(listener.get("verdict").asText()).isEqualTo("UndersizedBySomaxconn");
  }

  @Test
  void oneThatDropsAttemptsWhileItIsWatchedOverflowed() {
    elsewhere.listen("127.0.0.1", STALLED, 1);
    var audit =
        CompletableFuture.supplyAsync(
            () -> audit("--port", "9877", "--minimum", "1", "--seconds", "3"));
    while (!audit.isDone()) elsewhere.connect("127.0.0.1", STALLED);

    var listener = audit.join().listener(elsewhere.namespace(), STALLED);

    assertThat(listener.get("findings")).extracting(JsonNode::asText).contains("ListenOverflow");
    assertThat(listener.get("drops").asInt()).isPositive();
  }

  /** Changed by nothing: the same limits and the same somaxconn afterwards. */
  @Test
  void anAuditChangesNothing() {
    elsewhere.listen("0.0.0.0", SMALL, 5);

    var first = audit("--port", "9876", "--seconds", "1");
    var second = audit("--port", "9876", "--seconds", "0");

    for (String same : List.of("backlog", "somaxconn", "queue", "drops")) {
      assertThat(second.listener(elsewhere.namespace(), SMALL).get(same))
          .isEqualTo(first.listener(elsewhere.namespace(), SMALL).get(same));
    }
  }

  @Test
  void withoutCapabilitiesItSaysWhichAreMissingAndIsStatus2() throws Exception {
    var answer = inAnotherProcess("--bounding-set=-all");

    assertThat(answer.status).isEqualTo(2);
    assertThat(answer.err).contains("CAP_SYS_PTRACE").contains("run it as root");
    assertThat(answer.out).isEmpty();
  }

  /** It may look at processes, and enter no network namespace. */
  @Test
  void withoutTheRightToEnterNamespacesThatIsSaid() throws Exception {
    elsewhere.listen("0.0.0.0", SMALL, 5);

    var answer = inAnotherProcess("--bounding-set=-all,+sys_ptrace");

    assertThat(answer.status).as(answer.err).isEqualTo(2);
    assertThat(answer.out).contains("\"listeners\" : [ ]").contains("EPERM");
  }

  private static Answer inAnotherProcess(String rights) throws Exception {
    var process =
        new ProcessBuilder(
                "setpriv",
                rights,
                "--inh-caps=-all",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                HostCommand.class.getName(),
                "audit",
                "-o",
                "json",
                "--seconds",
                "0")
            .start();
    process.getOutputStream().close();
    var err = CompletableFuture.supplyAsync(() -> read(process.errorReader(UTF_8)));
    String out = read(process.inputReader(UTF_8));
    return new Answer(process.waitFor(), out, err.join());
  }

  /** Where this was not started by Maven, it may be that of a class loader. */
  private static String classPath() {
    return Thread.currentThread().getContextClassLoader() instanceof URLClassLoader loader
        ? Arrays.stream(loader.getURLs()).map(URL::getPath).collect(Collectors.joining(":"))
        : System.getProperty("java.class.path");
  }

  private static String read(BufferedReader from) {
    return String.join("\n", from.lines().toList());
  }
}
