package io.listenbacklog.host;

import io.listenbacklog.kernel.process.Container;
import io.listenbacklog.kernel.process.OpenFiles;
import io.listenbacklog.kernel.process.ProcessFacts;
import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.kernel.process.ServiceFacts;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** The processes of a machine, of which each is of a service where on a node it is of a pod. */
record ServiceProcesses(Processes processes, Services services) implements Processes {

  @Override
  public Optional<Container> container(int pid) throws IOException {
    return services.of(pid).map(each -> new Container(each.uid(), each.container()));
  }

  @Override
  public int[] pids() throws IOException {
    return processes.pids();
  }

  @Override
  public Optional<String> unlisted() throws IOException {
    return processes.unlisted();
  }

  @Override
  public boolean mayTrace() throws IOException {
    return processes.mayTrace();
  }

  @Override
  public Optional<ServiceFacts> service(int pid) throws IOException {
    return processes.service(pid);
  }

  @Override
  public OptionalLong networkNamespace(int pid) throws IOException {
    return processes.networkNamespace(pid);
  }

  @Override
  public OptionalLong networkMark(int pid) throws IOException {
    return processes.networkMark(pid);
  }

  @Override
  public Set<Long> mountedNamespaces(int pid) throws IOException {
    return processes.mountedNamespaces(pid);
  }

  @Override
  public OptionalInt livingThread(int pid) throws IOException {
    return processes.livingThread(pid);
  }

  @Override
  public OptionalInt threadGroup(int thread) throws IOException {
    return processes.threadGroup(thread);
  }

  @Override
  public OptionalLong startTicks(int pid) throws IOException {
    return processes.startTicks(pid);
  }

  @Override
  public OptionalInt parent(int pid) throws IOException {
    return processes.parent(pid);
  }

  @Override
  public Optional<ProcessFacts> facts(int pid) throws IOException {
    return processes.facts(pid);
  }

  @Override
  public int sockets(int pid, int from, int most, HeldSocket each) throws IOException {
    return processes.sockets(pid, from, most, each);
  }

  @Override
  public Optional<OpenFiles> atLimitOfFiles(int pid) throws IOException {
    return processes.atLimitOfFiles(pid);
  }

  @Override
  public OptionalLong programImage(int pid) throws IOException {
    return processes.programImage(pid);
  }

  @Override
  public Set<String> mappedFiles(int pid) throws IOException {
    return processes.mappedFiles(pid);
  }

  @Override
  public Set<Integer> handedOver(int pid) throws IOException {
    return processes.handedOver(pid);
  }
}
