package io.listenbacklog.host;

import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.kernel.events.KernelEvents;
import io.listenbacklog.kernel.log.KernelLog;
import io.listenbacklog.kernel.netns.NetworkNamespaces;
import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.kernel.relisten.Relisten;
import io.listenbacklog.kernel.threads.Threads;
import java.io.IOException;
import java.time.Duration;

/** A kernel for the engine of the probe, which finds services where it looks for pods. */
record ServiceKernel(NodeKernel kernel, Services services) implements NodeKernel {

  @Override
  public Processes processes() {
    return new ServiceProcesses(kernel.processes(), services);
  }

  @Override
  public String bootId() throws IOException {
    return kernel.bootId();
  }

  @Override
  public Duration uptime() throws IOException {
    return kernel.uptime();
  }

  @Override
  public Threads threads() {
    return kernel.threads();
  }

  @Override
  public NetworkNamespaces namespaces() {
    return kernel.namespaces();
  }

  @Override
  public Relisten relisten() {
    return kernel.relisten();
  }

  @Override
  public KernelLog log() {
    return kernel.log();
  }

  @Override
  public KernelEvents openEvents() throws IOException {
    return kernel.openEvents();
  }
}
