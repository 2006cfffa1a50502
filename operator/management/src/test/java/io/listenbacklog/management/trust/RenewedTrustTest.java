package io.listenbacklog.management.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenewedTrustTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private Path folder;

  @Test
  void anAuthorityThatIsRotatedIsTrustedAtTheNextHandshake() throws Exception {
    var old = authority("old");
    var renewed = authority("renewed");
    var file = folder.resolve("ca.crt");
    // As the kubelet does it: a link is swapped.
    Files.createSymbolicLink(file, old.pem());
    var context = RenewedTrust.in(file).context();
    try (var before = serving(old);
        var after = serving(renewed)) {
      handshake(context, before);
      assertThatThrownBy(() -> handshake(context, after)).isInstanceOf(SSLException.class);

      Files.delete(file);
      Files.createSymbolicLink(file, renewed.pem());

      handshake(context, after);
      assertThatThrownBy(() -> handshake(context, before)).isInstanceOf(SSLException.class);
    }
  }

  @Test
  void aFileThatIsGoneOrHalfWrittenLeavesTheLastOneInForce() throws Exception {
    var old = authority("old");
    var file = folder.resolve("ca.crt");
    Files.copy(old.pem(), file);
    var context = RenewedTrust.in(file).context();
    try (var server = serving(old)) {
      Files.writeString(file, "-----BEGIN CERTIFICATE-----\nMIIC");
      handshake(context, server);
      Files.delete(file);
      handshake(context, server);
    }
  }

  @Test
  void aFileWithoutACertificateIsNamed() throws IOException {
    var file = Files.writeString(folder.resolve("ca.crt"), "");
    assertThatThrownBy(() -> RenewedTrust.in(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
  }

  private record Authority(Path keys, Path pem) {}

  private Authority authority(String name) throws Exception {
    var keys = folder.resolve(name + ".p12");
    var pem = folder.resolve(name + ".pem");
    keytool(
        "-genkeypair -alias it -keyalg EC -dname CN="
            + name
            + " -ext san=ip:127.0.0.1 -keystore "
            + keys);
    keytool("-exportcert -rfc -alias it -file " + pem + " -keystore " + keys);
    return new Authority(keys, pem);
  }

  private static void keytool(String arguments) throws Exception {
    var tool = Path.of(System.getProperty("java.home"), "bin/keytool");
    var words = (tool + " " + arguments + " -storepass changeit").split(" ");
    var process = new ProcessBuilder(words).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
  }

  private static SSLServerSocket serving(Authority authority) throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    try (InputStream keys = Files.newInputStream(authority.keys())) {
      store.load(keys, PASSWORD);
    }
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, PASSWORD);
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    var server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(
            () -> {
              while (!server.isClosed()) {
                try (Socket client = server.accept()) {
                  client.getOutputStream().write('x');
                } catch (IOException e) {
                  // The client does not trust us, or the test is over.
                }
              }
            });
    return server;
  }

  private static void handshake(SSLContext context, SSLServerSocket server) throws IOException {
    // Without the session of the handshake before, which a new one would resume.
    context.getClientSessionContext().setSessionCacheSize(1);
    try (var socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.getLocalPort())) {
      var parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(10_000);
      assertThat(socket.getInputStream().read()).isEqualTo('x');
      socket.getSession().invalidate();
    }
  }
}
