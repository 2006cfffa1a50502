package io.listenbacklog.kernel;

import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.testing.Inhabitant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The Linux that the test runs on. */
final class LinuxWorld implements World {
  private final LinuxKernel kernel;
  private final List<Inhabitant> inhabitants = new ArrayList<>();

  LinuxWorld(Path tracefsMountPoint) {
    try {
      kernel =
          new LinuxKernel(new LibC(), new LinuxKernel.Paths(Path.of("/proc"), tracefsMountPoint));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public NodeKernel kernel() {
    return kernel;
  }

  @Override
  public Place place() {
    var inhabitant = Inhabitant.settle();
    inhabitants.add(inhabitant);
    return new RealPlace(inhabitant, inhabitant.namespace());
  }

  @Override
  public void close() {
    inhabitants.forEach(Inhabitant::close);
    kernel.close();
  }

  private record RealPlace(Inhabitant inhabitant, long namespace) implements Place {
    @Override
    public int pid() {
      return inhabitant.pid();
    }

    @Override
    public void somaxconn(int value) {
      inhabitant.somaxconn(value);
    }

    @Override
    public void synCookies(int value) {
      inhabitant.sysctl("net/ipv4/tcp_syncookies", value);
    }

    @Override
    public void tcpMaxSynBacklog(int value) {
      inhabitant.sysctl("net/ipv4/tcp_max_syn_backlog", value);
    }

    @Override
    public void flood(Socket socket, int port, int count) {
      inhabitant.flood(port, count);
    }

    @Override
    public Socket bind(String address, int port, boolean shared) {
      return inhabitant.bind(address, port, shared ? "reuseport" : "");
    }

    @Override
    public UnixSocket unix(String path) {
      return inhabitant.unix(path);
    }

    @Override
    public boolean connect(Socket socket, int port) {
      var address = socket.id().address();
      boolean v6 = address.ipv6() && !address.isMapped();
      return inhabitant.connect(v6 ? "::1" : "127.0.0.1", port);
    }

    @Override
    public void send(int bytes) {
      inhabitant.tell("send " + bytes);
    }

    @Override
    public void reset() {
      inhabitant.tell("reset_client");
    }

    @Override
    public void strayReset(Socket socket, int port) {
      inhabitant.strayReset(port);
    }

    @Override
    public int fork() {
      return inhabitant.fork();
    }

    @Override
    public void end() {
      inhabitant.die();
    }
  }
}
