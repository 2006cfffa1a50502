package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.UnixListeners;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.probe.telemetry.LogKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A pod has its share of log lines: so each line that tells of one of its listeners names it. */
class LoggedPodTest {
  private static final Path SOURCES = Path.of("src/main/java");
  private static final Pattern LINE =
      Pattern.compile("log\\.at\\w+\\(\\)(?<facts>[^;]*?)\\.log\\(\"(?<said>[^\"]*)\"\\)");

  private final Logger all = (Logger) LoggerFactory.getLogger("io.listenbacklog.probe");
  private @Nullable Level level;
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @TempDir private Path folder;
  private Node node;
  private Node.Pod pod;

  @BeforeEach
  void aPodWhoseLogIsRead() {
    lines.start();
    level = all.getLevel();
    all.setLevel(Level.INFO);
    all.addAppender(lines);
    node = new Node(folder);
    node.stallAfterMillis = 5_000;
    pod = node.pod();
  }

  @AfterEach
  void readNoMore() {
    all.detachAppender(lines);
    all.setLevel(level);
  }

  @Test
  void aStallFromItsBeginningToItsEnd() {
    var process = pod.start("api");
    var socket = process.listen("0.0.0.0", 9876, 64);
    node.spec(enforce(pod).mode(Mode.OBSERVE));
    for (int client = 0; client < 6; client++) socket.connected();
    node.pass(Duration.ofSeconds(9));
    for (int client = 0; client < 6; client++) socket.accept(process);
    node.pass(Duration.ofSeconds(9));

    assertNamed("the application has stopped accepting");
    assertNamed("the application accepts again");
  }

  @Test
  void aQueueThatOverflows() {
    var socket = pod.start("api").listen("0.0.0.0", 9876, 2);
    node.spec(enforce(pod).mode(Mode.OBSERVE));
    node.sweep();
    for (int client = 0; client < 9; client++) socket.connect();
    node.sweep();

    assertNamed("queue overflowed: connection attempts dropped");
  }

  @Test
  void aUnixQueueThatIsFull() {
    var socket = pod.start("php").listenUnix("/run/php.sock", 5);
    node.spec(enforce(pod).mode(Mode.OBSERVE).unix(UnixListeners.GOVERN));
    while (socket.connect()) {}
    node.pass(Duration.ofSeconds(9));

    assertNamed("queue is full");
  }

  @Test
  void aFlood() {
    var socket = pod.start("api").listen("0.0.0.0", 7000, 100);
    node.spec(enforce(pod).mode(Mode.OBSERVE));
    socket.flood(300);
    node.pass(Duration.ofSeconds(5));

    assertNamed("SYN queue overflowed: cookies sent, or requests dropped");
  }

  @Test
  void aRaiseThatIsRefused() {
    var process = pod.start("api");
    process.listen("0.0.0.0", 9876, 5);
    node.kernel.refuseRelisten(new SyscallException("pidfd_getfd", Errno.EPERM));
    node.spec(enforce(pod));

    assertNamed("backlog not changed");
  }

  /** Whichever are written later too. */
  @Test
  void eachLineThatTellsOfAListenerOrANamespaceOfAPod() throws IOException {
    int found = 0;
    try (var files = Files.walk(SOURCES)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        var line = LINE.matcher(Files.readString(file));
        while (line.find()) {
          var facts = line.group("facts");
          if (!facts.contains("LogKeys.LISTENER") && !facts.contains("LogKeys.NETNS")) continue;
          found++;
          assertThat(facts).as(file + ": " + line.group("said")).contains("LogKeys.POD");
        }
      }
    }
    assertThat(found).isGreaterThan(10);
  }

  private void assertNamed(String said) {
    var its = lines.list.stream().filter(each -> each.getMessage().equals(said)).toList();
    assertThat(its).as(said).isNotEmpty();
    for (var each : its) {
      assertThat(each.getKeyValuePairs())
          .filteredOn(fact -> fact.key.equals(LogKeys.POD))
          .extracting(fact -> fact.value)
          .isEqualTo(List.of("shop/" + pod.pod().name()));
    }
  }
}
