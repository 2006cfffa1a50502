package io.listenbacklog.kernel.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MountInfoTest {
  private static final String UID = "6f1c2b1e-9a3d-4c5e-8f70-0123456789ab";
  private static final String MOUNTS =
      """
      1 0 0:50 / / rw,relatime master:1 - overlay overlay rw
      2 1 8:1 /var/lib/kubelet/pods/%1$s/etc-hosts /etc/hosts rw - ext4 /dev/sda1 rw
      3 1 8:1 /var/lib/kubelet/pods/%1$s/containers/api/7f0c2a1b /dev/termination-log rw - ext4 /dev/sda1 rw
      """
          .formatted(UID);

  @Test
  void aContainerIsNamedByTheMountOfItsTerminationLog() {
    assertThat(MountInfo.containerName(MOUNTS, UID)).contains("api");
  }

  @Test
  void theMountOfAnotherPodDoesNotCount() {
    assertThat(MountInfo.containerName(MOUNTS, UID.replace('6', '7'))).isEmpty();
  }

  @Test
  void aMountElsewhereDoesNotCount() {
    assertThat(MountInfo.containerName(MOUNTS.replace("/dev/termination-log", "/tmp/x"), UID))
        .isEmpty();
  }

  @Test
  void mountedNetworkNamespacesAreTold() {
    String mounts =
        MOUNTS
            + """
            4 1 0:4 net:[4026532281] /run/netns/a rw shared:9 - nsfs nsfs rw
            5 1 0:4 mnt:[4026532282] /run/mnt/a rw - nsfs nsfs rw
            6 1 8:1 /net:[4026532283] /x rw - ext4 /dev/sda1 rw
            7 1 0:4 net:[x] /run/netns/b rw - nsfs nsfs rw
            8 1 0:4 net:[4026532284]
            9 1 0:4 net:[4026532285] /run/netns/\u00fc rw - nsfs nsfs rw""";

    assertThat(MountInfo.networkNamespaces(mounts.getBytes(UTF_8)))
        .containsExactly(4026532281L, 4026532285L);
    assertThat(MountInfo.networkNamespaces("\n\n1 2".getBytes(UTF_8))).isEmpty();
  }

  @Test
  void shortLinesAreNothing() {
    assertThat(MountInfo.containerName("1 2 3\n\n     \n", UID)).isEmpty();
  }
}
