package io.listenbacklog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ExecConfig;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.listenbacklog.cli.BacklogCommand.NoCluster;
import java.io.File;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A kubeconfig's {@code exec}, run as kubectl runs it: what it writes to standard error is for the
 * user, and no part of its answer, for which the client takes it.
 */
record CredentialPlugin(ExecConfig exec, String user, File kubeconfig) {
  /**
   * What it gave: a token, or a certificate and its key, or all of them.
   *
   * @param expires null: it did not say
   */
  record Given(
      @Nullable String token,
      @Nullable String certificate,
      @Nullable String key,
      @Nullable Instant expires) {
    boolean hasExpired() {
      return expires != null && Instant.now().isAfter(expires);
    }
  }

  /**
   * @param user whose credentials it gives
   * @param kubeconfig what its path is relative to
   */
  CredentialPlugin {}

  /**
   * Runs it.
   *
   * @throws NoCluster if it gave nothing
   */
  Given run() {
    String command = exec.getCommand();
    var words = new ArrayList<String>();
    words.add(
        command.contains(File.separator)
            ? kubeconfig.getAbsoluteFile().toPath().resolveSibling(command).toString()
            : command);
    if (exec.getArgs() != null) words.addAll(exec.getArgs());
    var builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder
        .environment()
        .put(
            "KUBERNETES_EXEC_INFO",
            "{\"apiVersion\":\"%s\",\"kind\":\"ExecCredential\",\"spec\":{\"interactive\":false}}"
                .formatted(exec.getApiVersion()));
    if (exec.getEnv() != null) {
      exec.getEnv().forEach(each -> builder.environment().put(each.getName(), each.getValue()));
    }
    String why;
    try {
      var process = builder.start();
      process.getOutputStream().close();
      String answer = new String(process.getInputStream().readAllBytes(), UTF_8);
      int ended = process.waitFor();
      var given = ended == 0 ? given(answer) : null;
      if (given != null) return given;
      why = ended == 0 ? "what it printed is none" : "it ended with status " + ended;
    } catch (IOException e) {
      why = Refusal.innermost(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      why = "interrupted";
    }
    throw new NoCluster(
        "the credential plugin %s of user %s gave no credentials (%s): run it by hand"
            .formatted(command, user, why));
  }

  /** Null: there is nothing of use in it. */
  private static @Nullable Given given(String answer) {
    JsonNode status;
    try {
      status = new KubernetesSerialization().unmarshal(answer, JsonNode.class).path("status");
    } catch (RuntimeException e) {
      return null;
    }
    String token = text(status, "token");
    String certificate = text(status, "clientCertificateData");
    String key = text(status, "clientKeyData");
    boolean isCertificate = certificate != null && key != null;
    if (token == null && !isCertificate) return null;
    return new Given(token, certificate, key, time(text(status, "expirationTimestamp")));
  }

  private static @Nullable String text(JsonNode status, String field) {
    String text = status.path(field).asText("");
    return text.isEmpty() ? null : text;
  }

  private static @Nullable Instant time(@Nullable String text) {
    try {
      return text == null ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
