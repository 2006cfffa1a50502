package io.listenbacklog.probe.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.listenbacklog.api.Growth;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.kernel.socket.IpAddress;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.policy.assess.BacklogGrowth;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which listeners need not be judged again at each sweep. */
class SettledTest {
  private static final ListenerId ID = new ListenerId(IpAddress.v4(0), 80, 0, 1);

  private final ListenerState listener =
      new ListenerState(new Listener(ID, 7, 0, 128, 0), 4096, Instant.EPOCH, 0);

  @BeforeEach
  void itIsFoundToHaveEnough() {
    listener.belongsTo("pod-1");
    listener.judge(Verdict.SUFFICIENT, 64, false, Instant.EPOCH);
  }

  @Test
  void oneThatWasNeverJudgedIsNot() {
    var fresh = new ListenerState(new Listener(ID, 7, 0, 128, 0), 4096, Instant.EPOCH, 0);
    assertThat(fresh.isSettled()).isFalse();
  }

  @Test
  void oneThatWasFoundToHaveEnoughIsAsLongAsNothingChanges() {
    listener.see(new Listener(ID, 7, 3, 128, 5), 4096);
    listener.belongsTo("pod-1");

    assertThat(listener.isSettled()).isTrue();
  }

  @Test
  void oneThatIsTooSmallIsNot() {
    listener.judge(Verdict.UNDERSIZED_BY_APPLICATION, 256, false, Instant.EPOCH);

    assertThat(listener.isSettled()).isFalse();
  }

  @ParameterizedTest
  @MethodSource
  void whatTheJudgementRestsOnUnsettlesIt(Consumer<ListenerState> change) {
    change.accept(listener);

    assertThat(listener.isSettled()).isFalse();
  }

  static Stream<Arguments> whatTheJudgementRestsOnUnsettlesIt() {
    var growth = new Growth(128, 256, 512, 1, Instant.EPOCH);
    return Stream.of(
        change("another backlog", it -> it.see(new Listener(ID, 7, 0, 64, 0), 4096)),
        change("one that is raised", it -> it.raised(256, 4096)),
        change("one that is put back", it -> it.restored(5)),
        change("another spec", ListenerState::askedAnew),
        change("another pod", it -> it.belongsTo("pod-2")),
        change("no pod", it -> it.belongsTo(null)),
        change("its holder", it -> it.found(new SocketOwner(1, 3), "pod-1")),
        change("nobody of the pod", ListenerState::isNobodys),
        change("nobody, as was told", it -> it.recallNobodys(3)),
        change("a verdict that was told", it -> it.recallVerdict(Verdict.SUFFICIENT, Instant.MAX)),
        change("its own backlog, as was told", it -> it.recallOwn(5, 128, 4096)),
        change("growth", it -> it.grow(BacklogGrowth.none(0).recall(growth))));
  }

  private static Arguments change(String what, Consumer<ListenerState> change) {
    return argumentSet(what, change);
  }
}
