package io.listenbacklog.kernel;

import io.listenbacklog.kernel.fake.FakeKernel;
import io.listenbacklog.kernel.fake.FakeNamespace;
import io.listenbacklog.kernel.fake.FakeProcess;
import io.listenbacklog.kernel.fake.FakeSocket;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.socket.UnixListenerId;

/** The kernel in memory. */
final class FakeWorld implements World {
  private final FakeKernel kernel = new FakeKernel();

  @Override
  public NodeKernel kernel() {
    return kernel;
  }

  @Override
  public Place place() {
    var namespace = kernel.namespace();
    return new FakePlace(kernel, namespace, kernel.process(namespace, "python3"));
  }

  @Override
  public void close() {}

  private record FakePlace(FakeKernel kernel, FakeNamespace there, FakeProcess process)
      implements Place {
    @Override
    public int pid() {
      return process.pid();
    }

    @Override
    public long namespace() {
      return there.inode();
    }

    @Override
    public void somaxconn(int value) {
      there.somaxconn(value);
    }

    @Override
    public void synCookies(int value) {
      there.synCookies(value);
    }

    @Override
    public void tcpMaxSynBacklog(int value) {
      there.tcpMaxSynBacklog(value);
    }

    @Override
    public void flood(Socket socket, int port, int count) {
      ((MadeSocket) socket).socket.flood(count);
    }

    @Override
    public Socket bind(String address, int port, boolean shared) {
      return new MadeSocket(process, process.bind(address, port));
    }

    @Override
    public UnixSocket unix(String path) {
      return new MadeUnixSocket(process, process.bindUnix(path));
    }

    @Override
    public boolean connect(Socket socket, int port) {
      return ((MadeSocket) socket).socket.connect();
    }

    @Override
    public void strayReset(Socket socket, int port) {
      ((MadeSocket) socket).socket.strayReset();
    }

    @Override
    public void send(int bytes) {
      kernel.lastClient().send(bytes);
    }

    @Override
    public void reset() {
      kernel.lastClient().reset();
    }

    @Override
    public int fork() {
      return process.fork().pid();
    }

    @Override
    public void end() {
      process.exit();
    }
  }

  private record MadeSocket(FakeProcess process, FakeSocket socket) implements Socket {
    @Override
    public int fd() {
      return process.fd(socket);
    }

    @Override
    public long inode() {
      return socket.inode();
    }

    @Override
    public ListenerId id() {
      return socket.id();
    }

    @Override
    public void listen(int backlog) {
      socket.listen(process, backlog);
    }

    @Override
    public void deferAccept() {
      socket.deferAccept();
    }

    @Override
    public void accept() {
      socket.accept(process);
    }

    @Override
    public void close() {
      process.close(socket);
    }
  }

  private record MadeUnixSocket(FakeProcess process, FakeSocket socket) implements UnixSocket {
    @Override
    public int fd() {
      return process.fd(socket);
    }

    @Override
    public long inode() {
      return socket.inode();
    }

    @Override
    public UnixListenerId id() {
      return (UnixListenerId) socket.socketId();
    }

    @Override
    public void listen(int backlog) {
      socket.listen(process, backlog);
    }

    @Override
    public boolean connect() {
      return socket.connect();
    }

    @Override
    public void accept() {
      socket.acceptUnix();
    }

    @Override
    public void close() {
      process.close(socket);
    }
  }
}
