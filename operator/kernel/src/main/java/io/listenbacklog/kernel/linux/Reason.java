package io.listenbacklog.kernel.linux;

import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** Why something failed, for people. */
public final class Reason {
  private Reason() {}

  /**
   * What an exception says. The message of one of java.nio is a bare path where its class says what
   * is wrong with it: both are told then.
   */
  public static String of(Throwable cause) {
    String message = cause.getMessage();
    if (cause instanceof FileSystemException file && file.getReason() == null) {
      return file.getFile() + ": " + said(file);
    }
    return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
  }

  private static String said(FileSystemException cause) {
    return switch (cause) {
      case NoSuchFileException _ -> "no such file or folder";
      case FileSystemLoopException _ -> "a loop of links";
      default -> words(cause.getClass().getSimpleName().replace("Exception", ""));
    };
  }

  /** {@code AccessDenied} is "access denied". */
  private static String words(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }
}
