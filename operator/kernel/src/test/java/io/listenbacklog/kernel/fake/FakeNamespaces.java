package io.listenbacklog.kernel.fake;

import io.listenbacklog.kernel.netns.NamespaceGoneException;
import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.netns.NetCounters;
import io.listenbacklog.kernel.netns.NetworkNamespaces;
import io.listenbacklog.kernel.socket.AcceptQueue;
import io.listenbacklog.kernel.socket.BoundAddresses;
import io.listenbacklog.kernel.socket.Connection;
import io.listenbacklog.kernel.socket.ConnectionTable;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.socket.ListenerTable;
import io.listenbacklog.kernel.socket.UnixListener;
import io.listenbacklog.kernel.socket.UnixListenerTable;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The network namespaces of a {@link FakeKernel}. */
record FakeNamespaces(FakeKernel kernel) implements NetworkNamespaces {
  private static final ThreadLocal<@Nullable Long> VISITED = new ThreadLocal<>();

  @Override
  public <T> T visit(int pid, long inode, Visit<T> visit) throws IOException {
    var namespace =
        kernel
            .visible(pid)
            .map(process -> process.namespace)
            .filter(there -> there.inode() == inode)
            .orElseThrow(() -> new NamespaceGoneException(pid, inode));
    Long visited = VISITED.get();
    if (visited != null) {
      throw new IllegalStateException(
          "a visit to network namespace %d during one to %d".formatted(inode, visited));
    }
    namespace.enter();
    VISITED.set(inode);
    try {
      return visit.in(new View(kernel, namespace));
    } finally {
      VISITED.remove();
    }
  }

  private record View(FakeKernel kernel, FakeNamespace namespace)
      implements NamespaceView, ListenerTable, ConnectionTable {
    @Override
    public long inode() {
      return namespace.inode();
    }

    @Override
    public ListenerTable listeners() {
      return this;
    }

    @Override
    public UnixListenerTable unixListeners() {
      return new UnixListenerTable() {
        @Override
        public List<UnixListener> unix() throws IOException {
          return namespace.unixListening().stream()
              .map(FakeSocket::seenUnix)
              .limit(UnixListenerTable.MOST)
              .toList();
        }

        @Override
        public List<Long> clients(UnixListener listener) throws IOException {
          return namespace.unixListening().stream()
              .filter(socket -> socket.socketId().equals(listener.id()))
              .flatMap(socket -> socket.unixClients().stream())
              .limit(MOST_CLIENTS)
              .toList();
        }
      };
    }

    @Override
    public ConnectionTable connections() {
      return this;
    }

    @Override
    public List<AcceptQueue> queues(int port) {
      synchronized (kernel) {
        namespace.dumped();
        var waiting = allWaiting().stream().filter(each -> each.local().port() == port).toList();
        return AcceptQueue.of(onPort(port), waiting);
      }
    }

    private List<Connection> allWaiting() {
      return namespace.listening().stream()
          .flatMap(socket -> socket.waiting.stream())
          .filter(FakeConnection::isSeen)
          .map(FakeConnection::seen)
          .sorted(Comparator.comparingLong(Connection::idleMillis).reversed())
          .toList();
    }

    @Override
    public List<Connection> waiting() {
      synchronized (kernel) {
        namespace.dumped();
        return allWaiting();
      }
    }

    @Override
    public long passiveOpens() {
      return namespace.passiveOpens();
    }

    @Override
    public OptionalInt open(ListenerId id) {
      synchronized (kernel) {
        namespace.dumped();
        var bound = new BoundAddresses();
        onPort(id.port()).forEach(each -> bound.add(each.id()));
        return OptionalInt.of(
            (int)
                kernel.living().values().stream()
                    .filter(process -> process.namespace == namespace)
                    .flatMap(process -> process.connections.stream())
                    .map(FakeConnection::seen)
                    .filter(each -> bound.isReached(id, each))
                    .count());
      }
    }

    @Override
    public Map<Long, Connection> accepted(Set<Long> inodes) {
      synchronized (kernel) {
        var found = new HashMap<Long, Connection>();
        for (var process : kernel.living().values()) {
          if (process.namespace != namespace) continue;
          for (var each : process.connections) {
            if (inodes.contains(each.inode())) found.put(each.inode(), each.seen());
          }
        }
        return found;
      }
    }

    @Override
    public NetCounters counters() {
      return namespace.counters();
    }

    @Override
    public int somaxconn() throws IOException {
      return namespace.readSomaxconn();
    }

    @Override
    public int synCookies() {
      return namespace.synCookies();
    }

    @Override
    public int tcpMaxSynBacklog() throws IOException {
      return namespace.readTcpMaxSynBacklog();
    }

    @Override
    public int writeTcpMaxSynBacklog(int value) throws IOException {
      return namespace.writeTcpMaxSynBacklog(value);
    }

    @Override
    public int writeSomaxconn(int value) throws IOException {
      return namespace.writeSomaxconn(value);
    }

    @Override
    public List<Listener> all() {
      namespace.listenersDumped();
      return namespace.listening().stream()
          .map(FakeSocket::seen)
          .limit(ListenerTable.MOST)
          .toList();
    }

    @Override
    public List<Listener> onPort(int port) {
      namespace.listenersDumped();
      return namespace.listening().stream()
          .filter(socket -> socket.port == port && !namespace.isHidden(socket))
          .map(FakeSocket::seen)
          .limit(ListenerTable.MOST)
          .toList();
    }

    @Override
    public Map<ListenerId, Integer> synReceived(Collection<ListenerId> ids) {
      return namespace.listening().stream()
          .filter(socket -> socket.synReceived() > 0 && ids.contains(socket.id()))
          .collect(Collectors.toMap(FakeSocket::id, FakeSocket::synReceived));
    }

    @Override
    public List<Listener> known(Collection<ListenerId> ids) {
      namespace.lookedUp(ids.size());
      var living = new HashMap<ListenerId, Listener>();
      for (var each : namespace.listening()) living.put(each.id(), each.seen());
      return ids.stream().filter(living::containsKey).map(living::get).toList();
    }
  }
}
