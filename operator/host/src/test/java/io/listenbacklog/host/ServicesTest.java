package io.listenbacklog.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.kernel.fake.FakeKernel;
import io.listenbacklog.kernel.process.Container;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What strangers can make as many of as they like. */
class ServicesTest {
  @TempDir private Path folder;
  private final FakeKernel kernel = new FakeKernel();
  private long nanos;
  private Services services;

  @BeforeEach
  void aMachineWithTwoUsers() throws IOException {
    var names = UserNames.of(passwd("web:x:7::::\napi:x:8::::\n"));
    services = new Services(kernel.processes(), names, _ -> true, () -> nanos);
  }

  private Path passwd(String text) throws IOException {
    return Files.writeString(folder.resolve("passwd"), text);
  }

  private int process(String command, int user) {
    return kernel.process(kernel.namespace(), command).ofUnit("", user).pid();
  }

  @Test
  void whoRunsMoreProgramsThanThereIsRoomForTakesNobodyElsesPlace() throws IOException {
    for (int i = 0; i < Services.MOST_OF_OWNER + 100; i++) services.of(process("p" + i, 7));

    assertThat(services.all()).hasSize(Services.MOST_OF_OWNER);
    assertThat(services.of(process("api", 8))).isPresent();
    assertThat(services.of(process("one-more", 7))).isEmpty();
    assertThat(services.of(process("p1", 7))).as("known before").isPresent();
    assertThat(services.leftOut()).containsExactly("user web");
    assertThat(services.leftOut()).as("said once").isEmpty();
  }

  /** Of a user who was created after the watch read the names, or who was given another one. */
  @Test
  void aServiceIsTheSameWhateverItsUserIsCalled() throws IOException {
    int pid = process("redis-server", 115);
    var before = services.of(pid).orElseThrow();
    long changes = services.changes();
    Files.setLastModifiedTime(passwd("redis:x:115::::\n"), FileTime.from(Instant.EPOCH));
    var after = services.of(pid).orElseThrow();

    assertThat(before.user()).isEqualTo("115");
    assertThat(after.user()).isEqualTo("redis");
    assertThat(after.uid())
        .isEqualTo(before.uid())
        .isNotEqualTo(services.of(process("redis-server", 116)).orElseThrow().uid());
    assertThat(services.changes()).as("policies may select it now").isGreaterThan(changes);
    assertThat(services.all()).hasSize(2);
  }

  @Test
  void aContainerIsSuchAnOwnerToo() throws IOException {
    var container = new Container("pod", "0123456789abcdef");
    for (int i = 0; i < Services.MOST_OF_OWNER + 1; i++) {
      services.of(kernel.process(kernel.namespace(), container, "web", "p" + i).pid());
    }

    assertThat(services.all()).hasSize(Services.MOST_OF_OWNER);
    assertThat(services.leftOut()).singleElement().asString().startsWith("container 0123456789");
  }

  @Test
  void whatEndedMakesRoomAgain() throws IOException {
    for (int i = 0; i < Services.MOST_OF_OWNER + 1; i++) services.of(process("p" + i, 7));
    nanos += Duration.ofMinutes(11).toNanos();
    services.changes();

    assertThat(services.of(process("new", 7))).isPresent();
    assertThat(services.all()).hasSize(1);
  }
}
