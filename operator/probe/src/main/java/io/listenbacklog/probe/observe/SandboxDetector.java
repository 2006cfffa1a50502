package io.listenbacklog.probe.observe;

import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.probe.discover.ProcessIndex;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.telemetry.LogKeys;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recognises pods whose applications have a kernel of their own, as with gVisor and Kata
 * Containers: their sockets are not in this one. Their network namespace can be entered and shows
 * no listener, as that of a pod that does not listen; what tells them apart is that all of their
 * processes on the node are a sandbox's own.
 */
public final class SandboxDetector {
  private static final Logger log = LoggerFactory.getLogger(SandboxDetector.class);

  /**
   * What runs a sandbox, by the last part of its path: gVisor; Kata's machine monitors, its shim
   * (which may hold one), and the file server beside them.
   */
  private static final Set<String> PROGRAMS =
      Set.of(
          "runsc",
          "cloud-hypervisor",
          "firecracker",
          "stratovirt",
          "qemu-kvm",
          "containerd-shim-kata-v2",
          "virtiofsd");

  private static final String QEMU = "qemu-system-";
  private static final String GVISOR_ARGUMENT = "runsc-";

  /** A sandbox has a few; whoever has more of them hides nobody but himself. */
  private static final int MOST_LOOKED_AT = 8;

  private final Processes processes;
  private final ProcessIndex processIndex;
  private final RecurringErrors errors;

  public SandboxDetector(Processes processes, ProcessIndex processIndex, RecurringErrors errors) {
    this.processes = processes;
    this.processIndex = processIndex;
    this.errors = errors;
  }

  /**
   * Why the listeners in a namespace that was looked into cannot be seen; null: they can.
   *
   * @param spec null: not known yet
   */
  public @Nullable String hiding(NamespaceState namespace, @Nullable NodeSpec spec) {
    if (namespace.sole() == null || !namespace.listed() || !namespace.listeners.isEmpty())
      return null;
    long changes = processIndex.changes();
    if (namespace.sandboxAsOf() != changes) {
      boolean known = namespace.sandbox() != null;
      namespace.sandboxed(find(namespace, namespace.sole()), changes);
      if (namespace.sandbox() != null && !known) {
        log.atWarn()
            .addKeyValue(LogKeys.POD, NodeSpec.name(spec, namespace.sole()))
            .addKeyValue(LogKeys.NETNS, namespace.inode)
            .addKeyValue(LogKeys.WHY, namespace.sandbox())
            .log("listeners of a pod cannot be seen");
      }
    }
    return namespace.sandbox();
  }

  private @Nullable String find(NamespaceState namespace, String pod) {
    String what = "processes in network namespace " + namespace.inode;
    String found = null;
    int looked = 0;
    try {
      for (int pid : processIndex.pids(pod)) {
        if (looked++ == MOST_LOOKED_AT) break;
        var facts = processes.facts(pid);
        if (facts.isEmpty()) continue;
        String first = facts.get().arguments().isEmpty() ? "" : facts.get().arguments().getFirst();
        found = program(facts.get().executable(), first);
        if (found == null) return null;
      }
      errors.over(what);
    } catch (IOException e) {
      errors.failed(what, e);
      return null;
    }
    if (found == null) return null;
    return "its processes on the node are those of a sandbox (%s): its sockets are in a kernel of its own"
        .formatted(found);
  }

  /** The name of the sandbox's program; null: it is none. */
  private static @Nullable String program(String executable, String firstArgument) {
    String path = executable.replace(" (deleted)", ""); // after an upgrade of the runtime
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (PROGRAMS.contains(name)) return name;
    if (name.startsWith(QEMU)) return "qemu";
    // runsc starts itself again from /proc/self/exe, and says in its first argument as what.
    return firstArgument.startsWith(GVISOR_ARGUMENT) ? "runsc" : null;
  }
}
