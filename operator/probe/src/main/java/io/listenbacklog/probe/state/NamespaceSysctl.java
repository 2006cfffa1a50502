package io.listenbacklog.probe.state;

import io.listenbacklog.api.SysctlNames;
import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.policy.assess.Requirement;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A sysctl of a network namespace of which a requirement may ask that it is not lower than this.
 */
public enum NamespaceSysctl {
  /** The largest backlog that {@code listen()} grants. */
  SOMAXCONN(SysctlNames.SOMAXCONN) {
    @Override
    public int read(NamespaceView view) throws IOException {
      return view.somaxconn();
    }

    @Override
    public int write(NamespaceView view, int value) throws IOException {
      return view.writeSomaxconn(value);
    }

    @Override
    public int floor(Requirement requirement) {
      return requirement.neededSomaxconn();
    }
  },

  /** How many SYNs a listener remembers where SYN cookies are off. */
  TCP_MAX_SYN_BACKLOG(SysctlNames.TCP_MAX_SYN_BACKLOG) {
    @Override
    public int read(NamespaceView view) throws IOException {
      return view.tcpMaxSynBacklog();
    }

    @Override
    public int write(NamespaceView view, int value) throws IOException {
      return view.writeTcpMaxSynBacklog(value);
    }

    @Override
    public int floor(Requirement requirement) {
      return requirement.tcpMaxSynBacklog();
    }
  };

  public final String key;

  NamespaceSysctl(String key) {
    this.key = key;
  }

  public static Optional<NamespaceSysctl> of(String key) {
    return Stream.of(values()).filter(each -> each.key.equals(key)).findFirst();
  }

  public abstract int read(NamespaceView view) throws IOException;

  /** Writes it; returns what was read back. */
  public abstract int write(NamespaceView view, int value) throws IOException;

  /** What is asked for; 0: nothing. */
  public abstract int floor(Requirement requirement);
}
