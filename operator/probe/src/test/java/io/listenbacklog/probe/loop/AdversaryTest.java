package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.policy.assess.Contest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An application that sets its backlog as it likes, users that change their minds, and a probe that
 * is killed wherever that hurts: whatever came before, what the application set last comes back,
 * and nobody fights with it often.
 */
class AdversaryTest {
  private static final int STEPS = 80;

  /** None is one that the policies below ask for, or the double of one. */
  private static final int[] OWN = {0, 5, 7, 41, 101, 211};

  private static final int[] MINIMUMS = {64, 64, 128, 256};
  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

  /** Who sets anything sooner is no adversary. */
  private static final Duration HAS_STARTED = Contest.STARTING.plusSeconds(1);

  /** For the first time, three times at once, and after 30 seconds, 1, 2 and 5 minutes. */
  private static final int MOST_IN_TEN_MINUTES = 8;

  static IntStream seeds() {
    return new Random(1).ints(100, 0, Integer.MAX_VALUE);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whateverHappensTheApplicationHasTheLastWord(int seed, @TempDir Path folder)
      throws IOException {
    var play = new Play(folder, new Random(seed));
    for (int step = 0; step < STEPS; step++) {
      play.step();
      play.isNotFoughtTooOften();
    }
    play.end();
  }

  private static final class Play {
    private final Path journal;
    private final Random random;
    private final Node node;
    private Node.Server server;

    /** What the application set last. */
    private int own = 5;

    /** Who asks now. */
    private Node.Need need;

    /** When what the application had set was raised, since it is asked for without a break. */
    private final List<Duration> fights = new ArrayList<>();

    /** How often a raise was not recorded, or the application came just before it: not counted. */
    private int excused;

    /** What the API server has. */
    private @Nullable NodeBacklogStatus status;

    /** So many lines of the journal no kill tears: they are written, or moved to it, as a whole. */
    private int wholeLines = 1;

    Play(Path folder, Random random) {
      journal = folder.resolve("journal");
      this.random = random;
      node = new Node(folder);
      server = node.server(own);
      node.tricky.beforeRaise =
          () -> {
            if (server.backlog() == own) fights.add(node.kernel.uptime());
          };
      need = enforce(server);
      node.pass(HAS_STARTED);
      node.spec(need);
    }

    private void end() throws IOException {
      node.spec();
      node.listing();
      assertThat(server.backlog()).isEqualTo(own);
      assertThat(node.status().listeners()).isEmpty();
      assertThat(node.status().sysctls()).isEmpty();
      int visits = server.namespace().visits();
      node.listing();
      assertThat(server.namespace().visits()).isEqualTo(visits);
      node.restart();
      assertThat(lines()).hasSize(1);
    }

    private void step() throws IOException {
      switch (random.nextInt(20)) {
        case 0, 1, 2, 3, 4, 5 -> applicationSets();
        case 6 -> node.pass(Duration.ofMinutes(random.nextInt(8)));
        case 7 -> ask(enforce(server).minimum(any(MINIMUMS)).maximum(1024));
        case 8 -> ask(enforce(server).minimum(any(MINIMUMS)));
        case 9 -> stopAsking();
        case 10 -> overflow();
        case 11 -> restart();
        case 12 -> kill(true);
        case 13 -> kill(false);
        case 14 -> comesBetween();
        case 15 -> anotherProcessTakesOver();
        case 16 -> keep();
        case 17 -> tearTheJournal();
        case 18 -> loseTheJournal();
        default -> node.sweep();
      }
      if (random.nextInt(3) > 0) node.sweep();
    }

    private int any(int[] values) {
      return values[random.nextInt(values.length)];
    }

    private void applicationSets() {
      own = any(OWN);
      server.listen(own);
    }

    private void ask(Node.Need next) {
      need = next;
      node.spec(need);
    }

    private void stopAsking() {
      switch (random.nextInt(4)) {
        case 0 -> node.spec();
        case 1 -> node.spec(enforce(server).mode(Mode.OBSERVE));
        case 2 -> node.spec(enforce(server).remedies(Remedy.SYSCTL));
        default -> node.spec(enforce(server).port(new NodePort(9876, null, null, true)));
      }
      assertThat(server.backlog()).isEqualTo(own);
      beginAnew();
      node.spec(need);
    }

    private void overflow() {
      boolean room = true;
      while (room) room = server.socket().connect();
      node.sweep();
    }

    private void restart() throws IOException {
      if (!node.statuses.isEmpty()) status = node.status();
      node.restart();
      wholeLines = lines().size();
      node.spec(status, need);
    }

    /** At its next raise, if it comes to one. */
    private void kill(boolean before) throws IOException {
      Runnable kill =
          () -> {
            throw new TrickyKernel.Killed();
          };
      var usual = node.tricky.beforeRaise;
      if (before) node.tricky.beforeRaise = kill;
      else node.tricky.afterRaise = kill;
      applicationSets();
      boolean killed = false;
      try {
        node.sweep();
      } catch (TrickyKernel.Killed e) {
        killed = true;
      }
      node.tricky.beforeRaise = usual;
      node.tricky.afterRaise = () -> {};
      if (!killed) return;
      if (!before) excused++;
      restart();
    }

    /** The application sets another value just before the next raise, if it comes to one. */
    private void comesBetween() throws IOException {
      var usual = node.tricky.beforeRaise;
      node.tricky.beforeRaise =
          () -> {
            applicationSets();
            excused++;
            usual.run();
          };
      ask(enforce(server).minimum(any(MINIMUMS)));
      node.tricky.beforeRaise = usual;
      wholeLines = lines().size(); // were it killed as well, nobody could know what was there
    }

    private void anotherProcessTakesOver() {
      var successor = server.process().fork();
      server.process().exit();
      server = new Node.Server(server.pod(), successor, server.socket());
      node.pass(HAS_STARTED);
      beginAnew();
      excused = 2; // it may have been slow to start, and listen twice
      node.sweep();
    }

    private void beginAnew() {
      fights.clear();
      excused = 0;
    }

    /** Whatever the backlog is then is as if the application had set it. */
    private void keep() {
      node.spec(enforce(server).minimum(any(MINIMUMS)).onDelete(OnDelete.KEEP));
      node.spec();
      own = server.backlog();
      beginAnew();
      node.spec(need);
    }

    /** As by a kill while a line was written. What it is about was done before, or never. */
    private void tearTheJournal() throws IOException {
      var lines = lines();
      if (lines.size() == wholeLines || lines.getLast().contains("forget")) return;
      String whole = Files.readString(journal);
      int torn = 1 + random.nextInt(lines.getLast().length());
      Files.writeString(journal, whole.substring(0, whole.length() - torn));
      excused++;
      restart();
    }

    private List<String> lines() throws IOException {
      return Files.readAllLines(journal);
    }

    /** The status is enough to put back what was there; how often it was set anew is forgotten. */
    private void loseTheJournal() throws IOException {
      node.sweep();
      Files.delete(journal);
      beginAnew();
      restart();
    }

    private void isNotFoughtTooOften() {
      for (var first : fights) {
        long within =
            fights.stream()
                .map(each -> each.minus(first))
                .filter(each -> !each.isNegative() && each.compareTo(TEN_MINUTES) < 0)
                .count();
        assertThat(within).isLessThanOrEqualTo(MOST_IN_TEN_MINUTES + excused);
      }
    }
  }
}
