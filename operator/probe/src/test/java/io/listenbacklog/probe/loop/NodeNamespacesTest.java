package io.listenbacklog.probe.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.listenbacklog.kernel.fake.FakeKernel;
import io.listenbacklog.kernel.fake.FakeNamespace;
import io.listenbacklog.kernel.fake.FakeProcess;
import io.listenbacklog.kernel.process.Container;
import io.listenbacklog.probe.discover.HostNamespaces;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeNamespacesTest {
  private final FakeKernel kernel = new FakeKernel();
  private final FakeNamespace ofNode = kernel.namespace();
  private final FakeNamespace ofProbe = kernel.namespace();
  private final FakeProcess shim = kernel.process(ofNode, "containerd-shim");
  private final FakeProcess probe = inPod(ofProbe, 1);

  private FakeProcess inPod(FakeNamespace namespace, int pod) {
    return kernel.process(
        namespace, new Container("uid-" + pod, "c".repeat(64)), "probe", "listen-backlog");
  }

  private HostNamespaces found() throws IOException {
    return HostNamespaces.of(kernel.processes(), List.of(probe.pid(), shim.pid()));
  }

  @Test
  void theNearestAncestorOutsideOfAllPodsIsTheRuntimes() throws IOException {
    var namespaces = found();

    assertThat(namespaces.contains(ofNode.inode())).isTrue();
    assertThat(namespaces.contains(ofProbe.inode())).isFalse();
    assertThat(namespaces.wayIn(ofNode.inode())).hasValue(shim.pid());
  }

  @Test
  void aNodeThatMayNotBeLookedAtIsKnownByItsNetworkOnceItIsMet() throws IOException {
    shim.hide();
    var namespaces = found();
    var onTheNode = inPod(ofNode, 2); // a host network pod, or one on its way to its own
    var another = inPod(kernel.namespace(), 3);

    namespaces.meet(ofProbe.inode(), probe.pid());
    namespaces.meet(another.namespace().inode(), another.pid());
    assertThat(namespaces.contains(ofProbe.inode())).isFalse();
    assertThat(namespaces.contains(another.namespace().inode())).isFalse();
    namespaces.meet(ofNode.inode(), onTheNode.pid());

    assertThat(namespaces.contains(ofNode.inode())).isTrue();
    assertThat(namespaces.pids()).containsExactly(shim.pid());
  }

  @Test
  void whoMayLookIntoNobodyIsNotHelpedByMarks() {
    shim.hide();
    kernel.withoutPtrace();

    assertThatThrownBy(this::found).hasMessageContaining("SYS_PTRACE is missing");
  }

  @Test
  void withoutAnyTraceOfTheNodeNothingIsBegun() {
    shim.exit();

    assertThatThrownBy(this::found).hasMessageContaining("node's network namespace");
  }
}
