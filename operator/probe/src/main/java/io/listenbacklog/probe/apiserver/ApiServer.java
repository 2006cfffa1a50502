package io.listenbacklog.probe.apiserver;

import io.listenbacklog.management.trust.RenewedTrust;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Where the API server is, and how a pod talks to it.
 *
 * <p>The JDK's client alone: the probe knows one object and three requests, and a client library
 * with all of Kubernetes' types in it is most of the memory that it would need (measured: 120 MiB
 * with one, see {@code bench/README.md}), in the one part that runs privileged.
 *
 * @param base such as {@code https://10.96.0.1:443}
 * @param token the file of the service account's token, read anew for each request, for the kubelet
 *     replaces it; empty: none is sent
 */
public record ApiServer(URI base, Optional<Path> token, HttpClient http) {
  private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /**
   * As the environment of a pod says; {@code API_SERVER}, such as {@code http://127.0.0.1:8001} of
   * a {@code kubectl proxy}, says it instead outside of one.
   *
   * @throws IllegalArgumentException if the environment says nothing of an API server
   * @throws IOException if its certificate authority cannot be read
   */
  public static ApiServer of(Map<String, String> environment) throws IOException {
    String other = environment.get("API_SERVER");
    if (other != null) return new ApiServer(URI.create(other), Optional.empty(), client().build());
    String host = environment.get("KUBERNETES_SERVICE_HOST");
    if (host == null) {
      throw new IllegalArgumentException(
          "neither KUBERNETES_SERVICE_HOST nor API_SERVER is set: is this a pod?");
    }
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
    String authority = host.contains(":") ? "[" + host + "]" : host;
    var trust = RenewedTrust.in(ACCOUNT.resolve("ca.crt"));
    var http = client().sslContext(trust.context()).build();
    return new ApiServer(
        URI.create("https://" + authority + ":" + port),
        Optional.of(ACCOUNT.resolve("token")),
        http);
  }

  private static HttpClient.Builder client() {
    return HttpClient.newBuilder()
        // One watch and now and then a patch: nothing to multiplex.
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(CONNECT)
        .followRedirects(HttpClient.Redirect.NEVER);
  }

  /** A request for a path with its query, as the service account. */
  HttpRequest.Builder request(String path) throws IOException {
    var request = HttpRequest.newBuilder(base.resolve(path)).header("Accept", "application/json");
    if (token.isPresent()) {
      request.header("Authorization", "Bearer " + Files.readString(token.get()).strip());
    }
    return request;
  }
}
