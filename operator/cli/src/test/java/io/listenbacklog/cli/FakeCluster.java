package io.listenbacklog.cli;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A cluster of probes in a process of its own, for the bench and for the build's rehearsal: {@code
 * java FakeCluster plain|tls PROBES LISTENERS MILLIS SLOW FAILING HANGING}. Prints the path of its
 * kubeconfig, and ends with standard input.
 *
 * <p>Each probe has as many listeners and takes so many milliseconds to answer, as one of another
 * node does; the last ones are slow (ten times that), fail, or begin an answer that never ends. The
 * queue of each probe's first listener is another one at each look, and overflows now and then.
 */
final class FakeCluster {
  private FakeCluster() {}

  public static void main(String[] args) throws Exception {
    var counts = IntStream.range(1, 7).map(i -> Integer.parseInt(args[i])).toArray();
    try (var api = args[0].equals("tls") ? FakeApi.overTls() : new FakeApi()) {
      answer(api, counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]);
      System.out.println(api.kubeconfig());
      while (System.in.read() >= 0) {}
    }
  }

  private static void answer(
      FakeApi api, int probes, int listeners, int millis, int slow, int failing, int hanging) {
    api.withProbes(probes);
    for (int i = 0; i < probes; i++) {
      int probe = i;
      var calm = calm(i, listeners);
      var looks = new AtomicInteger();
      int left = probes - i; // Those that hang come last, before them those that fail.
      api.answering(
          FakeApi.metricsOf(i),
          () -> {
            var well = FakeApi.Answer.of(busy(probe, looks.incrementAndGet()) + calm).after(millis);
            return left <= hanging
                ? well.ending(FakeApi.Ending.NEVER)
                : left <= hanging + failing
                    ? FakeApi.page(503, "").after(millis)
                    : left <= hanging + failing + slow ? well.after(10L * millis) : well;
          });
    }
    // What the other commands read.
    api.answering(
            "/apis/listenbacklog.io/v1alpha1/nodebacklogs",
            FakeApi.list("NodeBacklogList", FakeApi.nodeBacklog()))
        .answering(
            "/apis/apps/v1/deployments",
            FakeApi.list(
                "DeploymentList",
                "{\"metadata\": {\"name\": \"controller\", \"labels\": {\"app.kubernetes.io/version\": \"0.1.0\"}}}"))
        .answering("/apis/events.k8s.io/v1/namespaces/shop/events", FakeApi.list("EventList", ""))
        .answering(
            "/apis/listenbacklog.io/v1alpha1/namespaces/shop/backlogpolicies",
            FakeApi.list("BacklogPolicyList", ""));
  }

  private static String busy(int probe, int look) {
    int queue = 13 * look * (probe + 3) % 130;
    return FakeApi.listener("shop", pod(probe, 0), 0, 128, queue, 129, look / 4 * (probe % 5));
  }

  private static String calm(int probe, int listeners) {
    return IntStream.range(1, listeners)
        .mapToObj(i -> FakeApi.listener("shop", pod(probe, i), i, 128, i % 100, 100, i))
        .collect(Collectors.joining("", "", FakeApi.probe()));
  }

  private static String pod(int probe, int listener) {
    return "api-of-probe-%d-%d".formatted(probe, listener / 4);
  }
}
