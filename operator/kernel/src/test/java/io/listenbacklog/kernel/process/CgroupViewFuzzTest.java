package io.listenbacklog.kernel.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class CgroupViewFuzzTest {
  private static final Container OURS =
      new Container("6f1c2b1e-9a3d-4c5e-8f70-0123456789ab", "0123456789abcdef".repeat(4));
  private static final String PATH =
      "/kubepods/pod%s/%s".formatted(OURS.podUid(), OURS.containerId());

  static Stream<byte[]> seeds() {
    return Stream.of(
            "0::" + PATH + "\n",
            "12:pids:/system.slice\n1:name=systemd:" + PATH + "/docker/of/its/own\n0::/\n",
            "/kubepods-burstable-pod%s.slice:cri-containerd:%s"
                .formatted(OURS.podUid().replace('-', '_'), OURS.containerId()))
        .map(seed -> seed.getBytes(UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void aPathLeadsToAContainerOfThePodItNamesOrToNone(byte[] bytes) {
    var text = new String(bytes, UTF_8);

    CgroupView.OF_THE_NODE.container(text).ifPresent(container -> assertIsNamedIn(text, container));
    // Whatever a stranger's file says, from inside it is the own pod's or that of one it names.
    CgroupView.of("0::/\n", "0::/../../../../init.scope\n", OURS.podUid())
        .container(text)
        .filter(container -> !container.podUid().equals(OURS.podUid()))
        .ifPresent(container -> assertIsNamedIn(text, container));
    // And no file, not even our own or that of PID 1, is more than a text.
    CgroupView.of(text, "0::/\n", OURS.podUid()).container("0::" + PATH + "\n");
    CgroupView.of("0::/\n", text, OURS.podUid()).container(text);
    aContainerIsTheSameWhateverItMakesInside(text.replace('p', 'b'));
  }

  private static void assertIsNamedIn(String text, Container container) {
    assertThat(container.podUid())
        .matches("[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    assertThat(text.replace('_', '-')).contains("pod" + container.podUid());
    assertThat(container.containerId()).matches("[0-9a-f]{32,128}");
    assertThat(text).contains(container.containerId());
  }

  /**
   * The kernel takes any name for a cgroup that has no line's end (cgroup_mkdir, kernel/cgroup).
   */
  private static void aContainerIsTheSameWhateverItMakesInside(String name) {
    var path = PATH + "/" + name.replace("\n", "");
    if (path.length() > 4096) return;
    assertThat(CgroupView.OF_THE_NODE.container("0::" + path + "\n")).contains(OURS);
  }
}
