package io.listenbacklog.controller.appconfig;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** By which a pod template is known again. */
final class TemplateHash {
  private static final int LENGTH = 16;

  static String of(PodTemplateSpec template) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(Serialization.asJson(template).getBytes(UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  private TemplateHash() {}
}
