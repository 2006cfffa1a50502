package io.listenbacklog.kernel;

import io.listenbacklog.kernel.events.KernelEvents;
import io.listenbacklog.kernel.log.KernelLog;
import io.listenbacklog.kernel.netns.NetworkNamespaces;
import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.kernel.relisten.Relisten;
import io.listenbacklog.kernel.threads.Threads;
import java.io.IOException;
import java.time.Duration;

/** The kernel of one node: the probe's only access to Linux, which its tests replace. */
public interface NodeKernel {

  /** {@code /proc/sys/kernel/random/boot_id}: sockets and namespaces of another boot are gone. */
  String bootId() throws IOException;

  /**
   * How long ago it booted: {@code /proc/uptime}, which is in hundredths of a second. It goes on
   * across processes, and unlike the time of day nobody sets it.
   */
  Duration uptime() throws IOException;

  /** The processes of the node. */
  Processes processes();

  /** What their threads do. */
  Threads threads();

  /** The network namespaces of the node. */
  NetworkNamespaces namespaces();

  /** Changes live listeners. */
  Relisten relisten();

  /** The kernel's log. */
  KernelLog log();

  /**
   * Opens the stream of kernel events.
   *
   * @throws IOException where it cannot be had; the message says why: no tracefs, no such
   *     tracepoint, or a PID namespace that is not the node's
   */
  KernelEvents openEvents() throws IOException;
}
