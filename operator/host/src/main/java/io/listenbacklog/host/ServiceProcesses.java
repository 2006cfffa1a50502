package io.listenbacklog.host;

import io.listenbacklog.kernel.process.Container;
import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.kernel.process.WrappedProcesses;
import java.io.IOException;
import java.util.Optional;

/** The processes of a machine, of which each is of a service where on a node it is of a pod. */
record ServiceProcesses(Processes processes, Services services) implements WrappedProcesses {

  @Override
  public Optional<Container> container(int pid) throws IOException {
    return services.of(pid).map(each -> new Container(each.uid(), each.container()));
  }
}
