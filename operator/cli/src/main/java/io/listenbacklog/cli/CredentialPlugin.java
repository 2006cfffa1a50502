package io.listenbacklog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.ExecConfig;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.Config.ExecCredential;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.listenbacklog.cli.BacklogCommand.NoCluster;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A kubeconfig's {@code exec}, run as kubectl runs it: what it writes to standard error is for the
 * user, and no part of its answer, for which the client takes it.
 */
final class CredentialPlugin {
  private CredentialPlugin() {}

  /**
   * Its credentials.
   *
   * @param user whose they are
   * @param kubeconfig what its path is relative to
   * @throws NoCluster if it gave none
   */
  static Config.ExecCredentialStatus run(ExecConfig exec, String user, File kubeconfig) {
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
      var status = ended == 0 ? status(answer) : null;
      if (status != null) return status;
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
  private static Config.@Nullable ExecCredentialStatus status(String answer) {
    try {
      var read = new KubernetesSerialization().unmarshal(answer, ExecCredential.class);
      if (read == null || read.status == null) return null;
      var status = read.status;
      boolean isToken = status.token != null && !status.token.isEmpty();
      boolean isCertificate = status.clientCertificateData != null && status.clientKeyData != null;
      return isToken || isCertificate ? status : null;
    } catch (RuntimeException e) {
      return null;
    }
  }
}
