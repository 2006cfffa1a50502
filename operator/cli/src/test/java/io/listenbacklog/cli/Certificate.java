package io.listenbacklog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A certificate of a server on this machine, with its key.
 *
 * @param key what such a server speaks TLS with
 * @param pem what its clients have to trust
 */
record Certificate(PfxOptions key, String pem) {
  private static final String PASSWORD = "changeit";

  /** Made once, when it is first asked for: a process of its own makes it. */
  private static final class Localhost {
    static final Certificate CERTIFICATE = make();
  }

  /** That of localhost. */
  static Certificate forLocalhost() {
    return Localhost.CERTIFICATE;
  }

  private static Certificate make() {
    try {
      return madeByKeytool();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without another library only the JDK's own keytool makes one. */
  private static Certificate madeByKeytool() throws IOException {
    Path folder = Files.createTempDirectory("certificate");
    Path store = folder.resolve("store.p12");
    try {
      var made =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-keyalg",
                  "EC",
                  "-alias",
                  "server",
                  "-dname",
                  "CN=localhost",
                  "-ext",
                  "san=dns:localhost,ip:127.0.0.1",
                  "-keystore",
                  store.toString(),
                  "-storepass",
                  PASSWORD)
              .redirectErrorStream(true)
              .start();
      String said = new String(made.getInputStream().readAllBytes(), UTF_8);
      if (made.waitFor() != 0) throw new IOException("keytool: " + said);
      return of(store);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      Files.deleteIfExists(store);
      Files.delete(folder);
    }
  }

  private static Certificate of(Path store) throws IOException, GeneralSecurityException {
    var certificate =
        KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray()).getCertificate("server");
    String text =
        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
    return new Certificate(
        new PfxOptions().setValue(Buffer.buffer(Files.readAllBytes(store))).setPassword(PASSWORD),
        "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n".formatted(text));
  }
}
