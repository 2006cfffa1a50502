package io.listenbacklog.policy.event.kind;

import static io.listenbacklog.policy.event.kind.ListenerNames.name;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.Verdict;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Normal: no process of the pod holds a listener in its network, so nothing is asked of it. */
public record ListenerNotOfPod() implements ListenerEvent {
  @Override
  public String reason() {
    return EventReasons.LISTENER_NOT_OF_POD;
  }

  @Override
  public EventType type() {
    return EventType.NORMAL;
  }

  @Override
  public String action() {
    return "Assess";
  }

  @Override
  public @Nullable Instant begins(NodeListener listener) {
    return listener.verdict() == Verdict.NOT_OF_POD ? listener.since() : null;
  }

  @Override
  public Instant at(NodeListener listener) {
    return listener.since();
  }

  @Override
  public String cause(NodeListener listener) {
    return "";
  }

  @Override
  public String note(NodeListener listener, RequirementSource source, int sockets) {
    return EventKind.note(
        "%s, in this pod's network with a backlog of %d, is held by no process of the pod: a process of the node listens"
                .formatted(name(listener, sockets), listener.backlog())
            + " there (ztunnel of an ambient mesh, or another proxy), or the kernel does (NFS, NVMe"
            + " over TCP). It is not the"
            + " application's: nothing is asked of it, and %s holds for all others of the pod."
                .formatted(source.policyName()));
  }
}
