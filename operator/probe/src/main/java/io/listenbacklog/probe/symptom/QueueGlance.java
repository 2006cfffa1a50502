package io.listenbacklog.probe.symptom;

import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.socket.AcceptQueue;
import io.listenbacklog.kernel.socket.Connection;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel shows of who waits at a listener.
 *
 * @param queues of its port
 * @param strays where none of them shows anybody in its queue, who waits and can wait at no
 *     listener of its own address: at this one, or at another of {@code hidden}
 * @param hidden the other listeners with a queue in which nobody can be seen
 * @param accepted how many connections this listener has accepted since its namespace exists, if it
 *     is the only one there; -1: not known
 * @param uncounted the listener, where its port has more connections than are looked at: then
 *     {@code queues} is empty, though it is not gone; null: they were looked at
 */
public record QueueGlance(
    List<AcceptQueue> queues,
    List<Connection> strays,
    List<Listener> hidden,
    long accepted,
    @Nullable Listener uncounted) {

  /** Reads it, in one dump; in more where nobody can be seen in the queue. */
  public static QueueGlance take(NamespaceView there, ListenerId id) throws IOException {
    var queues = there.connections().queues(id.port());
    if (queues.isEmpty()) {
      var known = there.listeners().known(List.of(id)).stream().findFirst().orElse(null);
      return new QueueGlance(queues, List.of(), List.of(), -1, known);
    }
    if (!isHidden(queues, id)) return new QueueGlance(queues, List.of(), List.of(), -1, null);
    var listeners = there.listeners().all();
    var waiting = there.connections().waiting();
    var hidden =
        listeners.stream()
            .filter(each -> each.queue() > 0 && each.id().cookie() != id.cookie())
            .filter(each -> waiting.stream().noneMatch(it -> AcceptQueue.takes(each, it)))
            .toList();
    long accepted =
        listeners.size() == 1 ? there.passiveOpens() - listeners.getFirst().queue() : -1;
    return new QueueGlance(queues, AcceptQueue.strays(listeners, waiting), hidden, accepted, null);
  }

  private static boolean isHidden(List<AcceptQueue> queues, ListenerId id) {
    return queues.stream()
        .filter(queue -> queue.waiting().isEmpty())
        .flatMap(queue -> queue.listeners().stream())
        .anyMatch(each -> each.id().cookie() == id.cookie() && each.queue() > 0);
  }
}
