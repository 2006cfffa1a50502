package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.kernel.fake.FakeProcess;
import java.io.Serial;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublicationTest {
  private static final Duration BETWEEN_BIRTHS = Duration.ofMillis(20);
  private static final int BIRTHS = 100;

  @TempDir private Path folder;
  private long costMillis;
  private final Statuses statuses = new Statuses();
  private Node node;

  /** Each takes its time. */
  private final class Statuses extends ArrayList<NodeBacklogStatus> {
    @Serial private static final long serialVersionUID = 1;

    @Override
    public boolean add(NodeBacklogStatus status) {
      node.takes(Duration.ofMillis(costMillis));
      return super.add(status);
    }
  }

  @BeforeEach
  void start() {
    node = new Node(folder, statuses);
  }

  /** In two seconds in which there is always something new. */
  @ParameterizedTest
  @CsvSource({"0, 15, 21", "1, 15, 21", "4, 8, 11", "20, 3, 5", "200, 2, 4"})
  void whatTakesLongToTellIsToldMoreSeldom(long cost, int least, int most) {
    var process = givenPod();
    costMillis = cost;
    int before = statuses.size();

    for (int birth = 0; birth < BIRTHS; birth++) {
      node.born(process, process.listen("0.0.0.0", 1024 + birth, 5));
      node.pass(BETWEEN_BIRTHS);
    }

    assertThat(statuses.size() - before).isBetween(least, most);
  }

  @Test
  void theLastOfManyNewsIsToldToo() {
    var process = givenPod();
    costMillis = 20;
    for (int birth = 0; birth < BIRTHS; birth++) {
      node.born(process, process.listen("0.0.0.0", 1024 + birth, 5));
      node.pass(BETWEEN_BIRTHS);
    }
    var last = process.listen("0.0.0.0", 9876, 5);
    node.born(process, last);
    node.pass(Duration.ofMillis(costMillis).multipliedBy(51));

    assertThat(node.status().policies().getFirst().listeners().total()).isEqualTo(BIRTHS + 1);
    assertThat(last.backlog()).isEqualTo(64);
  }

  private FakeProcess givenPod() {
    var pod = node.pod();
    var process = pod.start("api");
    node.spec(enforce(pod));
    return process;
  }
}
