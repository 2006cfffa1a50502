package io.listenbacklog.probe.loop;

import io.listenbacklog.kernel.WrappedKernel;
import io.listenbacklog.kernel.fake.FakeKernel;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.netns.NetworkNamespaces;
import io.listenbacklog.kernel.process.Container;
import io.listenbacklog.kernel.process.ProcessFacts;
import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.kernel.process.WrappedProcesses;
import io.listenbacklog.kernel.relisten.Relisten;
import io.listenbacklog.kernel.relisten.RelistenResult;
import io.listenbacklog.kernel.socket.ConnectionTable;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.socket.ListenerTable;
import io.listenbacklog.kernel.socket.SocketId;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

/** A kernel that lets something happen at the worst moment. */
final class TrickyKernel implements WrappedKernel {
  private final FakeKernel kernel;

  /** Runs just before a namespace is entered. */
  Runnable beforeVisit = () -> {};

  /** Runs just before a listener is raised. */
  Runnable beforeRaise = () -> {};

  /** Runs just before a listener is put back. */
  Runnable beforeRestore = () -> {};

  /** Runs just after a listener was raised, before anybody knows. */
  Runnable afterRaise = () -> {};

  /** The pid of a process of which nothing can be read; 0: none. */
  int unreadable;

  /** Live listeners that a dump misses. */
  Predicate<Listener> missed = _ -> false;

  /** How often all processes were looked for. */
  int scans;

  /** Runs each time: it takes time. */
  Runnable atScan = () -> {};

  /** How often it was asked which container a process is of. */
  int containersRead;

  /** How many descriptors were looked at. */
  long descriptorsLookedAt;

  /** Runs for each descriptor that is looked at: it takes time. */
  Runnable atDescriptor = () -> {};

  /** Gets the pid of each process that is asked what it is: it takes time. */
  IntConsumer atFacts = _ -> {};

  /** Gets each port at which it is looked who waits: it takes time. */
  IntConsumer atQueues = _ -> {};

  /** Whether a port has more connections than are looked at. */
  boolean tooManyConnections;

  /** Pids of the processes that are Go programs. */
  Set<Integer> goPrograms = Set.of();

  /** Containers as they are told from now on, by pid: another process has taken the pid over. */
  final Map<Integer, Optional<Container>> containers = new HashMap<>();

  /** What kill -9 looks like from inside. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  TrickyKernel(FakeKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public FakeKernel kernel() {
    return kernel;
  }

  @Override
  public Processes processes() {
    return new TrickyProcesses(kernel.processes());
  }

  @Override
  public NetworkNamespaces namespaces() {
    return new NetworkNamespaces() {
      @Override
      public <T> T visit(int pid, long inode, Visit<T> visit) throws IOException {
        beforeVisit.run();
        return kernel
            .namespaces()
            .visit(pid, inode, view -> visit.in(wrapped(NamespaceView.class, view)));
      }
    };
  }

  /** A view, or one of its tables, that misses some. */
  private <T> T wrapped(Class<T> type, T view) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              Object answer;
              try {
                answer = method.invoke(view, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (method.getReturnType() == ListenerTable.class) {
                return wrapped(ListenerTable.class, (ListenerTable) answer);
              }
              if (method.getReturnType() == ConnectionTable.class) {
                return wrapped(ConnectionTable.class, (ConnectionTable) answer);
              }
              if (type == ConnectionTable.class && method.getName().equals("queues")) {
                atQueues.accept((int) arguments[0]);
                if (tooManyConnections) return List.of();
              }
              if (!(answer instanceof List<?> seen)) return answer;
              return seen.stream()
                  .filter(each -> !(each instanceof Listener it) || !missed.test(it))
                  .toList();
            }));
  }

  @Override
  public Relisten relisten() {
    return new TrickyRelisten(kernel.relisten());
  }

  private final class TrickyRelisten implements Relisten {
    private final Relisten relisten;

    TrickyRelisten(Relisten relisten) {
      this.relisten = relisten;
    }

    @Override
    public Optional<SyscallException> unavailable() {
      return relisten.unavailable();
    }

    @Override
    public RelistenResult raise(
        NamespaceView view, int pid, int fd, long inode, SocketId listener, int backlog) {
      beforeRaise.run();
      var result = relisten.raise(view, pid, fd, inode, listener, backlog);
      afterRaise.run();
      return result;
    }

    @Override
    public RelistenResult raiseFromZero(
        NamespaceView view, int pid, int fd, long inode, SocketId listener, int backlog) {
      beforeRaise.run();
      var result = relisten.raiseFromZero(view, pid, fd, inode, listener, backlog);
      afterRaise.run();
      return result;
    }

    @Override
    public RelistenResult restore(
        NamespaceView view,
        int pid,
        int fd,
        long inode,
        SocketId listener,
        int applied,
        int original) {
      beforeRestore.run();
      return relisten.restore(view, pid, fd, inode, listener, applied, original);
    }

    @Override
    public Optional<Boolean> defersAccepting(
        NamespaceView view, int pid, int fd, long inode, ListenerId listener) {
      return relisten.defersAccepting(view, pid, fd, inode, listener);
    }
  }

  private final class TrickyProcesses implements WrappedProcesses {
    private final Processes processes;

    TrickyProcesses(Processes processes) {
      this.processes = processes;
    }

    @Override
    public Processes processes() {
      return processes;
    }

    @Override
    public int[] pids() throws IOException {
      scans++;
      atScan.run();
      return processes.pids();
    }

    @Override
    public Optional<ProcessFacts> facts(int pid) throws IOException {
      atFacts.accept(pid);
      return processes.facts(pid).map(each -> goPrograms.contains(pid) ? ofGo(each) : each);
    }

    private static ProcessFacts ofGo(ProcessFacts facts) {
      return new ProcessFacts(
          facts.pid(),
          facts.command(),
          facts.executable(),
          facts.arguments(),
          facts.containerName(),
          true);
    }

    @Override
    public Optional<Container> container(int pid) throws IOException {
      if (pid == unreadable)
        throw new SyscallException("open(/proc/%d/cgroup)".formatted(pid), Errno.EACCES);
      containersRead++;
      var told = containers.get(pid);
      return told != null ? told : processes.container(pid);
    }

    @Override
    public int sockets(int pid, int from, int most, HeldSocket each) throws IOException {
      return processes.sockets(
          pid,
          from,
          most,
          (inode, fd) -> {
            descriptorsLookedAt++;
            atDescriptor.run();
            each.at(inode, fd);
          });
    }
  }
}
