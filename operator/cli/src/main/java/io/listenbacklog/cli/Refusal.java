package io.listenbacklog.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.policy.text.CleanText;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Why the API server refused a request or could not be reached, in terms a user can act on. */
final class Refusal {
  private static final int LONGEST = 2048;

  /** The API server's message for a forbidden request. */
  private static final Pattern FORBIDDEN =
      Pattern.compile(
          "cannot (?<verb>\\w+) resource \"(?<resource>[^\"]+)\" in API group"
              + " \"(?<group>[^\"]*)\"(?: (?<cluster>at the cluster scope)| in the namespace"
              + " \"(?<namespace>[^\"]+)\")?");

  private static final String NO_API =
      "what answers is no Kubernetes API server: is it the context you mean, or is a proxy or a"
          + " login page between?";

  private Refusal() {}

  /**
   * The answer itself.
   *
   * @param answer null: there was nothing in it, as no API server answers
   */
  static <T> T answered(@Nullable T answer) {
    if (answer == null) throw new BacklogCommand.NoCluster(NO_API);
    return answer;
  }

  /** In a sentence or two. */
  static String text(KubernetesClientException refusal) {
    if (refusal.getStatus() == null && refusal.getCause() != null) {
      return CleanText.of(notReached(refusal), LONGEST);
    }
    return CleanText.of(
        switch (refusal.getCode()) {
          case HttpURLConnection.HTTP_NOT_FOUND ->
              "this cluster does not have what is asked for ("
                  + said(refusal)
                  + "): is the operator installed?";
          case HttpURLConnection.HTTP_UNAUTHORIZED ->
              "the API server does not know you: your credentials are missing or have expired";
          case HttpURLConnection.HTTP_FORBIDDEN ->
              missingRight(refusal)
                  .map(
                      right ->
                          "you lack the right to " + right + "; ask who administers the cluster")
                  .orElseGet(() -> "you may not: " + said(refusal));
          default -> said(refusal);
        },
        LONGEST);
  }

  /** Such as {@code list nodebacklogs.listenbacklog.io in all namespaces}. */
  static Optional<String> missingRight(KubernetesClientException refusal) {
    var match = FORBIDDEN.matcher(said(refusal));
    if (!match.find()) return Optional.empty();
    String group = match.group("group").isEmpty() ? "" : "." + match.group("group");
    String where =
        match.group("namespace") != null
            ? " in namespace " + match.group("namespace")
            : match.group("cluster") != null ? " in the whole cluster" : "";
    return Optional.of(match.group("verb") + " " + match.group("resource") + group + where);
  }

  private static String notReached(KubernetesClientException refusal) {
    String mean = ": is the cluster up, and is it the context you mean?";
    var causes = causes(refusal);
    if (causes.stream().anyMatch(Refusal::isOfAnotherFormat)) return NO_API;
    if (causes.stream().anyMatch(each -> each instanceof SSLException)) {
      return "the API server's certificate is not trusted (%s)".formatted(innermost(refusal));
    }
    if (causes.stream()
        .anyMatch(
            each ->
                each instanceof UnresolvedAddressException
                    || each instanceof UnknownHostException)) {
      return "the API server cannot be reached (no address has its name)" + mean;
    }
    if (causes.stream().anyMatch(each -> each instanceof HttpConnectTimeoutException)) {
      return "the API server cannot be reached (nothing answers at its address)" + mean;
    }
    if (causes.stream().anyMatch(each -> each instanceof ConnectException)) {
      return "the API server cannot be reached (its connections are refused)" + mean;
    }
    if (causes.stream()
        .anyMatch(
            each -> each instanceof HttpTimeoutException || each instanceof TimeoutException)) {
      return "the API server does not answer in time" + mean;
    }
    if (causes.stream().anyMatch(Refusal::isEnded)) {
      return "the API server, or a proxy between, ended the connection before its answer was whole:"
          + " try again";
    }
    return innermost(refusal);
  }

  /**
   * Java has types for none of the kernel's errors about a connection that the other end closed.
   */
  private static boolean isEnded(Throwable cause) {
    return cause instanceof EOFException
        || "Broken pipe".equals(cause.getMessage())
        || "Connection reset".equals(cause.getMessage());
  }

  /** What the client's parsers throw: it asks for JSON, and reads YAML too. */
  private static boolean isOfAnotherFormat(Throwable cause) {
    return cause instanceof JsonProcessingException || cause instanceof YamlEngineException;
  }

  private static List<Throwable> causes(Throwable failure) {
    return Stream.<Throwable>iterate(failure, each -> each != null, Throwable::getCause)
        .limit(100)
        .toList();
  }

  /** The API server's message, without the client's wrapping. */
  private static String said(KubernetesClientException refusal) {
    return refusal.getStatus() == null || refusal.getStatus().getMessage() == null
        ? String.valueOf(refusal.getMessage())
        : refusal.getStatus().getMessage();
  }

  /** What went wrong first. */
  static String innermost(Throwable failure) {
    Throwable cause = causes(failure).getLast();
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
