package io.listenbacklog.host;

import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.kernel.WrappedKernel;
import io.listenbacklog.kernel.process.Processes;

/** A kernel for the engine of the probe, which finds services where it looks for pods. */
record ServiceKernel(NodeKernel kernel, Services services) implements WrappedKernel {

  @Override
  public Processes processes() {
    return new ServiceProcesses(kernel.processes(), services);
  }
}
