package io.listenbacklog.kernel.process;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Processes in front of others, which answer whatever is not said otherwise. */
public interface WrappedProcesses extends Processes {

  /** Those behind. */
  Processes processes();

  @Override
  default Optional<Container> container(int pid) throws IOException {
    return processes().container(pid);
  }

  @Override
  default int[] pids() throws IOException {
    return processes().pids();
  }

  @Override
  default Optional<String> unlisted() throws IOException {
    return processes().unlisted();
  }

  @Override
  default boolean mayTrace() throws IOException {
    return processes().mayTrace();
  }

  @Override
  default Optional<ServiceFacts> service(int pid) throws IOException {
    return processes().service(pid);
  }

  @Override
  default OptionalLong networkNamespace(int pid) throws IOException {
    return processes().networkNamespace(pid);
  }

  @Override
  default OptionalLong networkMark(int pid) throws IOException {
    return processes().networkMark(pid);
  }

  @Override
  default Set<Long> mountedNamespaces(int pid) throws IOException {
    return processes().mountedNamespaces(pid);
  }

  @Override
  default OptionalInt livingThread(int pid) throws IOException {
    return processes().livingThread(pid);
  }

  @Override
  default OptionalInt threadGroup(int thread) throws IOException {
    return processes().threadGroup(thread);
  }

  @Override
  default OptionalLong startTicks(int pid) throws IOException {
    return processes().startTicks(pid);
  }

  @Override
  default OptionalInt parent(int pid) throws IOException {
    return processes().parent(pid);
  }

  @Override
  default Optional<ProcessFacts> facts(int pid) throws IOException {
    return processes().facts(pid);
  }

  @Override
  default int sockets(int pid, int from, int most, HeldSocket each) throws IOException {
    return processes().sockets(pid, from, most, each);
  }

  @Override
  default Optional<OpenFiles> atLimitOfFiles(int pid) throws IOException {
    return processes().atLimitOfFiles(pid);
  }

  @Override
  default OptionalLong programImage(int pid) throws IOException {
    return processes().programImage(pid);
  }

  @Override
  default Set<String> mappedFiles(int pid) throws IOException {
    return processes().mappedFiles(pid);
  }

  @Override
  default Set<Integer> handedOver(int pid) throws IOException {
    return processes().handedOver(pid);
  }
}
