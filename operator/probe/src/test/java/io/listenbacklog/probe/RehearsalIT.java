package io.listenbacklog.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.kernel.WrappedKernel;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.relisten.Relisten;
import io.listenbacklog.kernel.relisten.RelistenResult;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.testing.Need;
import io.listenbacklog.kernel.testing.Needs;
import io.listenbacklog.probe.discover.HostNamespaces;
import io.listenbacklog.probe.json.Json;
import io.listenbacklog.probe.loop.NodeAccess;
import io.listenbacklog.probe.loop.Rehearsal;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The test's own process as the probe, in a pod made by hand. */
@Needs(Need.ROOT)
class RehearsalIT {
  private static final int OWN_PID = (int) ProcessHandle.current().pid();

  @TempDir private Path folder;
  private HandMadeNode machine;
  private final List<Integer> ports = new ArrayList<>();
  private final List<RelistenResult> results = new ArrayList<>();

  @BeforeEach
  void aNode() throws IOException {
    machine = new HandMadeNode(new LibC(), folder);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    machine.takeOut(OWN_PID);
    machine.close();
  }

  @Test
  void raisesListenersOfItsOwnAndNoOthers() throws IOException {
    machine.put(OWN_PID, UUID.randomUUID().toString());
    Files.createDirectory(folder());
    Files.writeString(folder().resolve("journal"), "left by one that was killed");
    int other;
    try (var ofAnother = new ServerSocket(0, 5)) {
      other = ofAnother.getLocalPort();

      assertThat(rehearsal().run()).isEqualTo(3);
    }

    assertThat(results).hasSize(3).containsOnly(new RelistenResult.Changed(5, 6));
    assertThat(ports).doesNotHaveDuplicates().doesNotContain(other);
    assertThat(folder()).doesNotExist();
  }

  @Test
  void outsideOfAllPodsThereIsNone() throws IOException {
    assertThat(rehearsal().run()).isZero();
    assertThat(results).isEmpty();
    assertThat(folder()).doesNotExist();
  }

  private Path folder() {
    return folder.resolve("rehearsal");
  }

  private Rehearsal rehearsal() throws IOException {
    var kernel = new Noted(machine.kernel(), noted(machine.kernel().relisten()));
    var hosts = HostNamespaces.of(kernel.processes(), List.of());
    return new Rehearsal(
        new NodeAccess(kernel, hosts, kernel.bootId(), OWN_PID),
        _ -> (_, _) -> Optional.empty(),
        // A rehearsal ends after half a second: on a busy machine too it is to get to its end.
        new Clocks(Clock.systemUTC(), () -> System.nanoTime() / 20),
        folder(),
        Json.mapper());
  }

  /** Notes what is raised. */
  private Relisten noted(Relisten relisten) {
    return (Relisten)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Relisten.class},
            (_, method, arguments) -> {
              var result = method.invoke(relisten, arguments);
              if (result instanceof RelistenResult changed) {
                results.add(changed);
                ports.add(((ListenerId) arguments[4]).port());
              }
              return result;
            });
  }

  private record Noted(NodeKernel kernel, Relisten relisten) implements WrappedKernel {}
}
