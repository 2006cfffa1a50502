package io.listenbacklog.e2e.metrics;

import io.listenbacklog.e2e.harness.TestNamespace;

/** Servers with a backlog of 5 on port 8080, and their clients in the same pod. */
final class Load {
  /** What stands in the file's place tells the clients that it is enough. */
  private static final String ENOUGH = "/tmp/enough";

  /** Where each of them listens. */
  static final String ADDRESS = "0.0.0.0:8080";

  /**
   * Forty clients at once, again and again, where three a second are accepted: the queue is full
   * nearly always, nothing stalls, and half of the clients are not let in.
   */
  private static final String OVERFLOWS =
      """
      import os, socket, threading, time
      server = socket.create_server(("0.0.0.0", 8080), backlog=5)
      def clients():
          while not os.path.exists("%s"):
              burst = [socket.socket() for _ in range(40)]
              for each in burst:
                  each.setblocking(False)
                  each.connect_ex(("127.0.0.1", 8080))
              time.sleep(2)
              for each in burst: each.close()
      threading.Thread(target=clients).start()
      while True:
          server.accept()[0].close()
          time.sleep(0.3)
      """
          .formatted(ENOUGH);

  /** Its one thread reads from a client that sends nothing until it is enough. */
  private static final String STALLS =
      """
      import os, socket, threading, time
      server = socket.create_server(("0.0.0.0", 8080), backlog=5)
      clients = [socket.create_connection(("127.0.0.1", 8080)) for _ in range(4)]
      def speak():
          while not os.path.exists("%s"): time.sleep(0.2)
          clients[0].sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
      threading.Thread(target=speak).start()
      server.accept()[0].recv(4096)
      while True: server.accept()[0].close()
      """
          .formatted(ENOUGH);

  /**
   * Six clients, as many as such a queue holds, each of which comes again as soon as it was served:
   * the queue is always full, but nobody is sent away.
   */
  private static final String FILLS =
      """
      import os, socket, threading, time
      server = socket.create_server(("0.0.0.0", 8080), backlog=5)
      def client():
          while not os.path.exists("%s"):
              with socket.create_connection(("127.0.0.1", 8080)) as each: each.recv(1)
      for _ in range(6): threading.Thread(target=client).start()
      while True:
          server.accept()[0].close()
          time.sleep(0.3)
      """
          .formatted(ENOUGH);

  private Load() {}

  /** A pod that drops connections until {@link #enough}, and a policy that looks at it. */
  static void overflows(TestNamespace namespace, String name) {
    serves(namespace, name, OVERFLOWS, "mode: Observe, minimum: 64");
  }

  /** A pod that stops accepting until {@link #enough}, and a policy that looks at it. */
  static void stalls(TestNamespace namespace, String name) {
    serves(namespace, name, STALLS, "mode: Observe, minimum: 5");
  }

  /** A pod whose queue is full until {@link #enough}, and a policy that looks at it. */
  static void fills(TestNamespace namespace, String name) {
    serves(namespace, name, FILLS, "mode: Observe, minimum: 5");
  }

  /** The same as {@link #overflows}, but its backlog is raised, and grows. */
  static void grows(TestNamespace namespace, String name) {
    serves(namespace, name, OVERFLOWS, "mode: Enforce, minimum: 8, maximum: 64");
  }

  private static void serves(TestNamespace namespace, String name, String program, String policy) {
    namespace.policy(name, "{%s, selector: {matchLabels: {app: %s}}}".formatted(policy, name));
    namespace.python(name, "", program);
  }

  /** From now on all is well there. */
  static void enough(TestNamespace namespace, String name) {
    namespace.kubectl("exec", name, "--", "touch", ENOUGH);
  }
}
