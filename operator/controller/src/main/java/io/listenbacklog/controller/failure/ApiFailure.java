package io.listenbacklog.controller.failure;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.concurrent.TimeoutException;

/** What it means that a request to the API server failed. */
public final class ApiFailure {
  private static final int TOO_MANY_REQUESTS = 429;

  private ApiFailure() {}

  /** Whether there was no answer. The client's code is then none of HTTP: −1, and once it was 0. */
  public static boolean isUnanswered(KubernetesClientException e) {
    return e.getCode() < HttpURLConnection.HTTP_OK && e.getCause() != null;
  }

  /**
   * Whether the API server is unavailable, overloaded or failing, rather than refusing the request.
   */
  public static boolean mayPass(KubernetesClientException e) {
    return isUnanswered(e)
        || e.getCode() == TOO_MANY_REQUESTS
        || e.getCode() >= HttpURLConnection.HTTP_INTERNAL_ERROR;
  }

  /**
   * Whether the API server answers something else to other requests: a namespace may have a quota
   * or an admission of its own.
   */
  public static boolean isOfOneAlone(KubernetesClientException e) {
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_UNAUTHORIZED,
          HttpURLConnection.HTTP_CLIENT_TIMEOUT,
          TOO_MANY_REQUESTS ->
          false;
      default ->
          e.getCode() >= HttpURLConnection.HTTP_BAD_REQUEST
              && e.getCode() < HttpURLConnection.HTTP_INTERNAL_ERROR;
    };
  }

  /** Why, for people: the client has no words for some. */
  public static String text(RuntimeException e) {
    if (e.getMessage() != null) return e.getMessage();
    if (e.getCause() instanceof TimeoutException) return "the API server did not answer in time";
    return String.valueOf(e.getCause() == null ? e : e.getCause());
  }
}
