package io.listenbacklog.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class ReasonTest {
  @Test
  void aBarePathIsNoReason() {
    assertThat(Reason.of(new NoSuchFileException("/tracing/instances/x")))
        .isEqualTo("/tracing/instances/x: no such file or folder");
    assertThat(Reason.of(new AccessDeniedException("/run/x"))).isEqualTo("/run/x: access denied");
    assertThat(Reason.of(new FileAlreadyExistsException("/run/x")))
        .isEqualTo("/run/x: file already exists");
  }

  @Test
  void whatSaysMoreIsTakenAsItIs() {
    assertThat(Reason.of(new FileSystemException("/run/x", null, "Read-only file system")))
        .isEqualTo("/run/x: Read-only file system");
    assertThat(Reason.of(new IOException("the stream has ended")))
        .isEqualTo("the stream has ended");
    assertThat(Reason.of(new IllegalStateException())).isEqualTo("IllegalStateException");
  }
}
