package io.listenbacklog.host;

/** A policy file says something that cannot be meant; the message names the field and the value. */
final class BadPolicyException extends FinalException {
  private static final long serialVersionUID = 1;

  BadPolicyException(String message) {
    super(message);
  }
}
