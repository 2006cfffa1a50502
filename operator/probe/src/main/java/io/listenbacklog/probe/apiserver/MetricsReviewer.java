package io.listenbacklog.probe.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.listenbacklog.management.Access;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Asks the API server whose token it is (TokenReview), and what he may (SubjectAccessReview). */
public final class MetricsReviewer implements Access.Reviewer {
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final int MOST_BYTES = 64 * 1024;

  private final ApiServer server;
  private final ObjectMapper json;

  public MetricsReviewer(ApiServer server, ObjectMapper json) {
    this.server = server;
    this.json = json;
  }

  @Override
  public Access.Verdict review(String token, String path) throws IOException, InterruptedException {
    var status = ask("authentication.k8s.io/v1", "TokenReview", Map.of("token", token));
    if (!status.path("authenticated").asBoolean()) return Access.Verdict.UNKNOWN;
    var access =
        ask("authorization.k8s.io/v1", "SubjectAccessReview", of(status.path("user"), path));
    boolean may = access.path("allowed").asBoolean() && !access.path("denied").asBoolean();
    return may ? Access.Verdict.ALLOWED : Access.Verdict.FORBIDDEN;
  }

  private static Map<String, Object> of(JsonNode user, String path) {
    var groups = new ArrayList<String>();
    user.path("groups").forEach(each -> groups.add(each.asText()));
    var extra = new LinkedHashMap<String, List<String>>();
    user.path("extra")
        .properties()
        .forEach(
            each -> {
              var values = new ArrayList<String>();
              each.getValue().forEach(value -> values.add(value.asText()));
              extra.put(each.getKey(), values);
            });
    return Map.of(
        "user",
        user.path("username").asText(),
        "uid",
        user.path("uid").asText(),
        "groups",
        groups,
        "extra",
        extra,
        "nonResourceAttributes",
        Map.of("verb", "get", "path", path));
  }

  /** The status of a review. */
  private JsonNode ask(String version, String kind, Map<String, Object> spec)
      throws IOException, InterruptedException {
    var review = Map.of("apiVersion", version, "kind", kind, "spec", spec);
    var request =
        server
            .request("/apis/" + version + "/" + kind.toLowerCase(Locale.ROOT) + "s")
            .timeout(ANSWER)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(review)))
            .build();
    HttpResponse<byte[]> response;
    try {
      response =
          server
              .http()
              .send(
                  request,
                  HttpResponse.BodyHandlers.limiting(
                      HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES));
    } catch (ConnectException e) {
      throw new IOException("the API server at %s cannot be reached".formatted(server.base()), e);
    }
    if (response.statusCode() / 100 != 2) {
      throw new IOException(kind + " is answered by " + response.statusCode());
    }
    return json.readTree(response.body()).path("status");
  }
}
