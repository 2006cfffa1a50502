package io.listenbacklog.probe.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Growth;
import io.listenbacklog.kernel.netns.NetCounters;
import io.listenbacklog.kernel.socket.IpAddress;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.policy.assess.BacklogGrowth;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamespaceStateTest {
  private final NamespaceState namespace = new NamespaceState(4_026_532_001L, 0);
  private long cookies;

  private ListenerState add(String pod, long drops) {
    long cookie = ++cookies;
    var id = new ListenerId(IpAddress.v4(0), 80, 0, cookie);
    var listener = new ListenerState(new Listener(id, cookie, 0, 5, drops), 4096, Instant.EPOCH, 0);
    listener.belongsTo(pod);
    namespace.add(listener);
    return listener;
  }

  private void grow(ListenerState listener, int to) {
    var growth = BacklogGrowth.none(0);
    namespace.grow(
        listener, to == 0 ? growth : growth.recall(new Growth(5, to, 512, 1, Instant.EPOCH)));
  }

  @Test
  void aPodGrewAsFarAsThatOfItsListenersThatGrewMost() {
    var small = add("pod-1", 0);
    var large = add("pod-1", 0);
    grow(small, 64);
    grow(large, 256);
    grow(add("pod-2", 0), 512);

    assertThat(namespace.grownTo("pod-1")).isEqualTo(256);

    grow(large, 0);
    assertThat(namespace.grownTo("pod-1")).isEqualTo(64);

    small.belongsTo("pod-2");
    assertThat(namespace.grownTo("pod-1")).isZero();
  }

  @Test
  void oneThatIsGoneCountsNoMoreAndNeverAgain() {
    var gone = add("pod-1", 0);
    grow(gone, 64);

    namespace.remove(gone);
    assertThat(namespace.grownTo("pod-1")).isZero();

    grow(gone, 128);
    assertThat(namespace.grownTo("pod-1")).isZero();
  }

  @Test
  void dropsSinceTheLastLookAtSynQueuesAreThoseOfListenersThatWereThereThen() {
    var old = add("pod-1", 0xffff_fffeL);
    var watch = namespace.synFloods;
    watch.read(new NetCounters(0, 0, 0, 0), 0, 10, namespace.listeners.values());
    assertThat(watch.knewAll(namespace.listeners.values())).isTrue();

    var opened = add("pod-1", 7);
    old.see(new Listener(old.tcp(), old.inode, 0, 5, 3), 4096);

    assertThat(watch.dropsRose(old)).as("the kernel counts in 32 bits").isEqualTo(5);
    assertThat(watch.dropsRose(opened)).isZero();
    assertThat(watch.knewAll(namespace.listeners.values())).isFalse();

    namespace.remove(old);
    assertThat(watch.knewAll(namespace.listeners.values())).as("another one").isFalse();
    assertThat(watch.knewAll(List.of(old))).isTrue();
  }
}
