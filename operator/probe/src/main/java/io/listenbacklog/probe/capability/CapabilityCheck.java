package io.listenbacklog.probe.capability;

import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.netns.NetworkNamespaces;
import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.kernel.relisten.Relisten;
import io.listenbacklog.probe.discover.HostNamespaces;
import java.io.IOException;

/**
 * Finds out what the kernel permits by asking for it with nonsense, for no version number tells:
 * distributions backport, seccomp profiles refuse.
 */
public final class CapabilityCheck {
  private final Relisten relisten;
  private final NetworkNamespaces networks;
  private final Processes processes;
  private final HostNamespaces nodeNamespaces;

  public CapabilityCheck(
      Relisten relisten,
      NetworkNamespaces networks,
      Processes processes,
      HostNamespaces nodeNamespaces) {
    this.relisten = relisten;
    this.networks = networks;
    this.processes = processes;
    this.nodeNamespaces = nodeNamespaces;
  }

  public void run(Capabilities capabilities, int ownPid) {
    relisten
        .unavailable()
        .ifPresentOrElse(
            refusal -> capabilities.relistenFails(explained(refusal)), capabilities::relistenWorks);
    writeOwnSomaxconn(capabilities, ownPid);
  }

  /** What the kernel answered, and what that answer can come from. */
  private static String explained(SyscallException refusal) {
    String answer = String.valueOf(refusal.getMessage());
    if (refusal.is(Errno.ENOSYS)) {
      return answer + ": the kernel is older than Linux 5.6, or a seccomp profile refuses the call";
    }
    if (refusal.is(Errno.EPERM) || refusal.is(Errno.EACCES)) {
      return answer
          + ": a seccomp profile or a security module refuses it, or SYS_PTRACE is missing";
    }
    return answer;
  }

  /** Writes what is there already, and only where no other pod and not the node is concerned. */
  private void writeOwnSomaxconn(Capabilities capabilities, int ownPid) {
    try {
      long own = processes.networkNamespace(ownPid).orElse(0);
      if (own == 0) return;
      nodeNamespaces.meet(own, ownPid);
      if (nodeNamespaces.contains(own)) {
        capabilities.sysctlUntried(
            "It is tried with the first one that is to be raised, for the probe itself is in the"
                + " network namespace of the node.");
        return;
      }
      networks.visit(ownPid, own, view -> view.writeSomaxconn(view.somaxconn()));
      capabilities.sysctlWorks();
    } catch (IOException e) {
      capabilities.sysctlFails(String.valueOf(e.getMessage()));
    }
  }
}
