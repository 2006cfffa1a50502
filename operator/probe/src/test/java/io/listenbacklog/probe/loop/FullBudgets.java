package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;

import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.kernel.fake.FakeSocket;
import io.listenbacklog.probe.telemetry.LogFormat;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A node on which pods fill all budgets of the probe at once, in a process of its own. With {@code
 * world} nothing is asked for, and it prints the bytes of the heap that the emulated kernel takes;
 * with {@code probe} the probe does its work: raises, reports, is replaced, and puts all back.
 */
final class FullBudgets {
  private static final int PODS = 250;
  private static final int LISTENERS_OF_POD = 56;

  private FullBudgets() {}

  public static void main(String[] arguments) throws IOException {
    LogFormat.setUp();
    Path folder = Files.createTempDirectory("full-budgets");
    var node = new Node(folder, new TheLast());
    var pods = new ArrayList<Node.Pod>();
    var sockets = new ArrayList<FakeSocket>();
    for (int i = 0; i < PODS; i++) {
      var pod = node.pod();
      pods.add(pod);
      var process = pod.start("api");
      for (int each = 0; each < LISTENERS_OF_POD; each++) {
        sockets.add(process.listen("0.0.0.0", 1024 + each, 5));
      }
    }
    if (arguments[0].equals("world")) {
      try {
        System.gc();
        var memory = Runtime.getRuntime();
        System.out.println(memory.totalMemory() - memory.freeMemory());
      } finally {
        Reference.reachabilityFence(node);
        Reference.reachabilityFence(sockets);
      }
      return;
    }
    node.spec(enforce(pods.toArray(Node.Pod[]::new)));
    // Each pod has a queue that is full, and drops what comes.
    for (int i = 0; i < PODS; i++) {
      for (int each = 0; each < 70; each++) sockets.get(i * LISTENERS_OF_POD).connect();
    }
    node.pass(Duration.ofSeconds(30));
    System.out.println(raised(sockets) + " raised");
    System.out.println(node.status().listeners().size() + " told");
    node.restart();
    node.pass(Duration.ofSeconds(30));
    System.out.println(raised(sockets) + " raised");
    node.spec();
    System.out.println(raised(sockets) + " raised");
  }

  /** As many as a probe keeps: a list of all would be no memory of its own. */
  private static final class TheLast extends ArrayList<NodeBacklogStatus> {
    private static final long serialVersionUID = 1;

    @Override
    public boolean add(NodeBacklogStatus status) {
      clear();
      return super.add(status);
    }
  }

  private static long raised(List<FakeSocket> sockets) {
    return sockets.stream().filter(each -> each.backlog() == 64).count();
  }
}
