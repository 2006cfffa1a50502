package io.listenbacklog.probe;

import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.kernel.LinuxKernel;
import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.testing.Inhabitant;
import io.listenbacklog.kernel.testing.TracefsFolder;
import io.listenbacklog.probe.apiserver.FakeApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The machine the test runs on as a node: its real kernel, pods made by hand, and an API server in
 * memory.
 */
public final class HandMadeNode implements AutoCloseable {
  private static final Duration LISTING = Duration.ofMinutes(1);

  private final Path journal;
  private final TracefsFolder tracefs = TracefsFolder.make();
  private final CgroupTree cgroups = new CgroupTree();
  private final FakeApi api = new FakeApi();
  private final LinuxKernel kernel;

  /**
   * Makes it, without pods.
   *
   * @param journal where probes on it keep theirs
   */
  public HandMadeNode(LinuxC linux, Path journal) throws IOException {
    this.journal = journal;
    kernel = anotherKernel(linux);
  }

  /** The same kernel by threads of its own, to be closed by who asks for it. */
  LinuxKernel anotherKernel(LinuxC linux) throws IOException {
    return new LinuxKernel(linux, new LinuxKernel.Paths(Path.of("/proc"), tracefs.path()));
  }

  /** Its kernel. */
  public LinuxKernel kernel() {
    return kernel;
  }

  /** Its API server. */
  public FakeApi api() {
    return api;
  }

  /** The cgroup of the one container of a pod. */
  public Path container(String podUid) {
    return cgroups.container(podUid, "c".repeat(64));
  }

  /** A process belongs to a pod from now on. */
  public void put(long pid, String podUid) {
    cgroups.put(pid, podUid, "c".repeat(64));
  }

  /** A process belongs to no pod from now on. */
  public void takeOut(long pid) {
    cgroups.takeOut(pid);
  }

  /** A process in the container of a pod. */
  public Inhabitant settle(String podUid) {
    var inhabitant = Inhabitant.settle();
    cgroups.put(inhabitant.pid(), podUid, "c".repeat(64));
    return inhabitant;
  }

  /** A probe on it, to be closed before it. */
  public Probe start(NodeKernel on, Duration sweep) throws IOException {
    var settings =
        new ProbeSettings(
            "node", Path.of("/proc"), journal, tracefs.path(), sweep, LISTING, 0, 0, false);
    return Probe.start(settings, on, api.reached(), _ -> (_, _) -> Optional.of("python"));
  }

  /**
   * Enforce with both remedies and Restore, in no policy's name, for pods api-0, api-1 and so on.
   */
  public static NodeRequirement enforce(
      @Nullable Integer minimum, @Nullable Integer maximum, List<String> podUids) {
    return NodeRequirement.in(Mode.ENFORCE, OnDelete.RESTORE)
        .minimum(minimum)
        .maximum(maximum)
        .remedies(Remedy.SYSCTL, Remedy.RELISTEN)
        .of(
            IntStream.range(0, podUids.size())
                .mapToObj(
                    index -> new NodePod(podUids.get(index), "shop", "api-" + index, false, null))
                .toList());
  }

  /** A listener, as the kernel has it. */
  public Listener look(Inhabitant where, Inhabitant.Socket socket) {
    try {
      return kernel
          .namespaces()
          .visit(
              where.pid(),
              where.namespace(),
              there -> there.listeners().known(List.of(socket.id())).getFirst());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it; its processes must be gone by then. */
  @Override
  public void close() throws IOException {
    api.close();
    kernel.close();
    tracefs.close();
    cgroups.close();
  }
}
