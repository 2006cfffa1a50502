package io.listenbacklog.probe.apiserver;

import io.listenbacklog.api.ApiGroup;
import io.listenbacklog.api.NodeBacklogStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.util.Map;

/** Writes the status of this node's NodeBacklog by server-side apply. */
public final class NodeBacklogStatusWriter implements StatusPublisher.Sink {
  private final ApiRequests requests;
  private final String node;

  public NodeBacklogStatusWriter(ApiRequests requests, String node) {
    this.requests = requests;
    this.node = node;
  }

  @Override
  public void write(NodeBacklogStatus status) throws IOException, InterruptedException {
    var object =
        Map.of(
            "apiVersion",
            ApiGroup.NAME + "/" + ApiGroup.VERSION,
            "kind",
            "NodeBacklog",
            "metadata",
            Map.of("name", node),
            "status",
            status);
    byte[] body = requests.json().writeValueAsBytes(object);
    var request =
        requests
            .nodeBacklogs(
                "/%s/status?fieldManager=%s&force=true"
                    .formatted(ApiRequests.encoded(node), ApiRequests.encoded(ApiGroup.PROBE)))
            .header("Content-Type", "application/apply-patch+yaml") // of which JSON is a part
            .method("PATCH", HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    var response = requests.send(request);
    if (response.statusCode() / 100 != 2) throw requests.refusal(response);
    // To its end, so that the connection is kept.
    requests.read(response, answer -> answer.transferTo(OutputStream.nullOutputStream()));
  }
}
