package io.listenbacklog.probe.engine;

import java.io.IOException;

/**
 * Finds out what the kernel permits by asking for it with nonsense, for no version number tells:
 * distributions backport, seccomp profiles refuse.
 */
final class SelfTest {
  private final Surroundings around;
  private final NodeNamespaces nodeNamespaces;

  SelfTest(Surroundings around, NodeNamespaces nodeNamespaces) {
    this.around = around;
    this.nodeNamespaces = nodeNamespaces;
  }

  void run(Capabilities capabilities, int ownPid) {
    around
        .kernel()
        .relisten()
        .unavailable()
        .ifPresentOrElse(
            refusal -> capabilities.relistenFails(String.valueOf(refusal.getMessage())),
            capabilities::relistenWorks);
    writeOwnSomaxconn(capabilities, ownPid);
  }

  /** Writes what is there already, and only where no other pod and not the node is concerned. */
  private void writeOwnSomaxconn(Capabilities capabilities, int ownPid) {
    try {
      long own = around.kernel().processes().networkNamespace(ownPid).orElse(0);
      if (own == 0 || nodeNamespaces.contains(own)) return;
      around
          .kernel()
          .namespaces()
          .visit(ownPid, own, view -> view.writeSomaxconn(view.somaxconn()));
      capabilities.sysctlWorks();
    } catch (IOException e) {
      capabilities.sysctlFails(String.valueOf(e.getMessage()));
    }
  }
}
