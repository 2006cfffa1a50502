package io.listenbacklog.management.trust;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts the CAs of a file as it is at each handshake: the kubelet replaces {@code ca.crt} of a
 * running pod when the cluster's authority is rotated, and a client that had read it once could not
 * connect from then on.
 */
public final class RenewedTrust extends X509ExtendedTrustManager {
  private final Path authorities;
  private Object read = "";
  private X509ExtendedTrustManager trust;

  private RenewedTrust(Path authorities) throws IOException {
    this.authorities = authorities;
    trust = of(authorities);
    read = version(authorities);
  }

  /**
   * Reads it for the first time.
   *
   * @param authorities certificates, in PEM
   * @throws IOException naming the file, if it cannot be read
   */
  public static RenewedTrust in(Path authorities) throws IOException {
    return new RenewedTrust(authorities);
  }

  /** A TLS context that trusts no other CA, without a client certificate. */
  public SSLContext context() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {this}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("each Java has TLS", e);
    }
  }

  /** Modification time and size of the file: the kubelet swaps a symbolic link. */
  private static Object version(Path file) throws IOException {
    var real = file.toRealPath();
    return real + " " + Files.getLastModifiedTime(real) + " " + Files.size(real);
  }

  private synchronized X509ExtendedTrustManager current() {
    try {
      var version = version(authorities);
      if (!version.equals(read)) {
        trust = of(authorities);
        read = version;
      }
    } catch (IOException e) {
      // Being replaced, or half written: the last one is used, and the next handshake reads it
      // again.
    }
    return trust;
  }

  private static X509ExtendedTrustManager of(Path authorities) throws IOException {
    try (InputStream pem = Files.newInputStream(authorities)) {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (var each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("authority-" + number++, each);
      }
      if (number == 0) throw new IOException(authorities + ": no certificate in it");
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      for (var each : factory.getTrustManagers()) {
        if (each instanceof X509ExtendedTrustManager trust) return trust;
      }
      throw new AssertionError("no trust manager for X.509");
    } catch (GeneralSecurityException e) {
      throw new IOException("%s: %s".formatted(authorities, e.getMessage()), e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    current().checkServerTrusted(chain, type, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    current().checkServerTrusted(chain, type, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    current().checkServerTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw nobody();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw nobody();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw nobody();
  }

  private static CertificateException nobody() {
    return new CertificateException("there are no clients of ours");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return current().getAcceptedIssuers();
  }
}
