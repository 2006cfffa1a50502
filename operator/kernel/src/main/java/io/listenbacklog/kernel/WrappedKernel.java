package io.listenbacklog.kernel;

import io.listenbacklog.kernel.events.KernelEvents;
import io.listenbacklog.kernel.log.KernelLog;
import io.listenbacklog.kernel.netns.NetworkNamespaces;
import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.kernel.relisten.Relisten;
import io.listenbacklog.kernel.threads.Threads;
import java.io.IOException;
import java.time.Duration;

/** A kernel in front of another, which does whatever is not said otherwise. */
public interface WrappedKernel extends NodeKernel {

  /** The one behind. */
  NodeKernel kernel();

  @Override
  default String bootId() throws IOException {
    return kernel().bootId();
  }

  @Override
  default Duration uptime() throws IOException {
    return kernel().uptime();
  }

  @Override
  default Processes processes() {
    return kernel().processes();
  }

  @Override
  default Threads threads() {
    return kernel().threads();
  }

  @Override
  default NetworkNamespaces namespaces() {
    return kernel().namespaces();
  }

  @Override
  default Relisten relisten() {
    return kernel().relisten();
  }

  @Override
  default KernelLog log() {
    return kernel().log();
  }

  @Override
  default KernelEvents openEvents() throws IOException {
    return kernel().openEvents();
  }
}
