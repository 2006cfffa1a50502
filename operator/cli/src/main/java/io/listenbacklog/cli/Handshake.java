package io.listenbacklog.cli;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/**
 * The first of anything is slow in a Java that has just started, and nothing as slow as what begins
 * a TLS connection: keys of two elliptic curves are made. So a client's greeting is made, for
 * nobody, while another processor reads the kubeconfig.
 */
final class Handshake {
  private Handshake() {}

  /** Begins it, and does not wait. */
  static void prepare() {
    Thread.ofPlatform().daemon().name("handshake").start(Handshake::greetNobody);
  }

  private static void greetNobody() {
    try {
      var context = SSLContext.getInstance("TLSv1.3");
      context.init(null, new TrustManager[0], null);
      var engine = context.createSSLEngine();
      engine.setUseClientMode(true);
      var parameters = engine.getSSLParameters();
      parameters.setServerNames(List.<SNIServerName>of(new SNIHostName("localhost")));
      engine.setSSLParameters(parameters);
      engine.wrap(
          ByteBuffer.allocate(0), ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
    } catch (GeneralSecurityException | SSLException e) {
      // Whoever needs a connection gets its own, and says so.
    }
  }
}
