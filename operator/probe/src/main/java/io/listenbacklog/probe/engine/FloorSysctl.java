package io.listenbacklog.probe.engine;

import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.policy.assess.Requirement;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A sysctl of a network namespace of which a requirement may ask that it is not lower than this.
 */
enum FloorSysctl {
  /** The largest backlog that {@code listen()} grants. */
  SOMAXCONN("net.core.somaxconn") {
    @Override
    int read(NamespaceView view) throws IOException {
      return view.somaxconn();
    }

    @Override
    int write(NamespaceView view, int value) throws IOException {
      return view.writeSomaxconn(value);
    }

    @Override
    int floor(Requirement requirement) {
      return requirement.neededSomaxconn();
    }
  },

  /** How many SYNs a listener remembers where SYN cookies are off. */
  TCP_MAX_SYN_BACKLOG("net.ipv4.tcp_max_syn_backlog") {
    @Override
    int read(NamespaceView view) throws IOException {
      return view.tcpMaxSynBacklog();
    }

    @Override
    int write(NamespaceView view, int value) throws IOException {
      return view.writeTcpMaxSynBacklog(value);
    }

    @Override
    int floor(Requirement requirement) {
      return requirement.tcpMaxSynBacklog();
    }
  };

  final String key;

  FloorSysctl(String key) {
    this.key = key;
  }

  static Optional<FloorSysctl> of(String key) {
    return Stream.of(values()).filter(each -> each.key.equals(key)).findFirst();
  }

  abstract int read(NamespaceView view) throws IOException;

  /** Writes it; returns what was read back. */
  abstract int write(NamespaceView view, int value) throws IOException;

  /** What is asked for; 0: nothing. */
  abstract int floor(Requirement requirement);
}
