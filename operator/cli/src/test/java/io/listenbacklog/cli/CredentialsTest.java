package io.listenbacklog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever kubectl is, the plugin is too; or it says why it cannot be. */
class CredentialsTest {
  private static final String GIVEN =
      "'{\"apiVersion\": \"client.authentication.k8s.io/v1\", \"kind\": \"ExecCredential\","
          + " \"status\": %s}'";

  private final FakeApi api = new FakeApi();

  @TempDir Path folder = Path.of("");

  @BeforeEach
  void answer() {
    api.answering("/apis/events.k8s.io/v1/namespaces/shop/events", FakeApi.list("EventList", ""));
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private FakeApi.Ran runAs(String user) {
    return FakeApi.run(api.kubeconfigOf(user), Terminal.NONE, "events");
  }

  @Test
  void aTokenIsReadFromItsFile() throws IOException {
    var file = Files.writeString(folder.resolve("token"), "of the file\n");

    assertThat(runAs("tokenFile: " + file).status()).isZero();
    assertThat(api.lastHeaders("Authorization")).containsExactly("Bearer of the file");
    assertThat(runAs("token: old, tokenFile: " + file).status()).isZero();
    assertThat(api.lastHeaders("Authorization")).containsExactly("Bearer of the file");
    assertThat(runAs("token: old, tokenFile: /nonexistent/token").status()).isZero();
    assertThat(api.lastHeaders("Authorization")).containsExactly("Bearer old");
  }

  @Test
  void itsPathIsRelativeToTheKubeconfig() throws IOException {
    Files.writeString(folder.resolve("token"), "beside");
    var kubeconfig = Files.copy(api.kubeconfigOf("tokenFile: token"), folder.resolve("config"));

    assertThat(FakeApi.run(kubeconfig, Terminal.NONE, "events").status()).isZero();
    assertThat(api.lastHeaders("Authorization")).containsExactly("Bearer beside");
  }

  @Test
  void nobodyIsAnonymousForWantOfAFile() {
    var ran = runAs("tokenFile: /nonexistent/token");

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err())
        .isEqualTo(
            "kubectl backlog: the token of user test, /nonexistent/token (tokenFile), cannot be"
                + " read or is empty\n");
  }

  @Test
  void whoActsAsSomebodyElseDoes() {
    assertThat(
            runAs(
                    "token: none, as: jane, as-uid: u-1, as-groups: [dev, ops], as-user-extra:"
                        + " {example.com/why: [tests, more]}")
                .status())
        .isZero();

    assertThat(api.lastHeaders("Impersonate-User")).containsExactly("jane");
    assertThat(api.lastHeaders("Impersonate-Uid")).containsExactly("u-1");
    assertThat(api.lastHeaders("Impersonate-Group")).containsExactly("dev", "ops");
    assertThat(api.lastHeaders("Impersonate-Extra-example.com%2Fwhy"))
        .containsExactly("tests", "more");
    assertThat(runAs("token: none").status()).isZero();
    assertThat(api.lastHeaders("Impersonate-User")).isEmpty();
  }

  @Test
  void groupsOfNobodyAreRefused() {
    assertThat(runAs("token: none, as-groups: [dev]").err())
        .isEqualTo(
            "kubectl backlog: user test of the kubeconfig has as-groups, as-uid or as-user-extra,"
                + " and no as\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "echo A new version is available. >&2; "})
  void whatACredentialPluginRemarksIsNoPartOfItsAnswer(String remark) throws IOException {
    var ran = runAs(exec(remark + "echo " + GIVEN.formatted("{\"token\": \"of the plugin\"}")));

    assertThat(ran.status()).isZero();
    assertThat(api.lastHeaders("Authorization")).containsExactly("Bearer of the plugin");
  }

  /** Some ask for it, and answer in another version or not at all without. */
  @Test
  void aCredentialPluginIsToldWhatItIsAskedFor() throws IOException {
    var ran =
        runAs(
            exec(
                "case $KUBERNETES_EXEC_INFO in *client.authentication.k8s.io/v1*) echo "
                    + GIVEN.formatted("{\"token\": \"'$1$MORE'\"}")
                    + " ;; esac"));

    assertThat(ran.err()).contains("no Events");
    assertThat(api.lastHeaders("Authorization")).containsExactly("Bearer of this");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exit 3",
        "echo nothing",
        "echo '{}'",
        "echo '{\"status\": {\"token\": \"\"}}'",
        ""
      })
  void aCredentialPluginWithoutCredentialsIsNamed(String script) throws IOException {
    var ran = runAs(exec(script));

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err())
        .startsWith(
            "kubectl backlog: the credential plugin " + folder.resolve("plugin") + " of user test")
        .contains(
            "gave no credentials (",
            script.equals("exit 3") ? "status 3" : "what it printed is none",
            "): run it by hand")
        .hasLineCount(1);
  }

  @Test
  void aCredentialPluginThatIsNotThereIsNamed() {
    var ran =
        runAs("exec: {apiVersion: client.authentication.k8s.io/v1, command: /nonexistent/it}");

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).contains("the credential plugin /nonexistent/it").hasLineCount(1);
  }

  @Test
  void aCertificateOfACredentialPluginIsTaken() throws IOException, GeneralSecurityException {
    String certificate = Certificate.forLocalhost().pem();
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    var made = generator.generateKeyPair().getPrivate();
    String key =
        "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
            .formatted(Base64.getEncoder().encodeToString(made.getEncoded()));
    var answer =
        Files.writeString(
            folder.resolve("answer"),
            "{\"status\": {\"clientCertificateData\": \"%s\", \"clientKeyData\": \"%s\"}}"
                .formatted(certificate, key)
                .replace("\n", "\\n"));
    var backlog = new BacklogCommand();
    backlog.kubeconfig = api.kubeconfigOf(exec("echo It expires soon. >&2; cat " + answer));

    try (var client = backlog.client()) {
      assertThat(client.getConfiguration().getClientCertData()).isEqualTo(certificate);
      assertThat(client.getConfiguration().getClientKeyData()).isEqualTo(key);
      // Without one the client runs the plugin again for each request, a minute later.
      assertThat(client.getConfiguration().getOauthTokenProvider().getToken()).isNull();
    }
  }

  @Test
  void anExpiredTokenOfACredentialPluginIsRenewed() throws IOException {
    var answer = folder.resolve("answer");
    give(answer, "first", "2020-01-01T00:00:00Z");
    var backlog = new BacklogCommand();
    backlog.kubeconfig = api.kubeconfigOf(exec("echo It expires soon. >&2; cat " + answer));

    try (var client = backlog.client()) {
      var token = client.getConfiguration().getOauthTokenProvider();
      Files.delete(answer);
      assertThat(token.getToken()).as("while there is no other").isEqualTo("first");
      give(answer, "second", "2999-01-01T00:00:00+02:00");
      assertThat(token.getToken()).isEqualTo("second");
      give(answer, "third", "2999-01-01T00:00:00Z");
      assertThat(token.getToken()).as("until it expires").isEqualTo("second");
    }
  }

  private static void give(Path answer, String token, String expires) throws IOException {
    Files.writeString(
        answer,
        "{\"status\": {\"token\": \"%s\", \"expirationTimestamp\": \"%s\"}}"
            .formatted(token, expires));
  }

  /** A user with a plugin that does this, given an argument and a variable. */
  private String exec(String script) throws IOException {
    var file = folder.resolve("plugin");
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return "exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: "
        + file
        + ", args: ['of '], env: [{name: MORE, value: this}]}";
  }
}
