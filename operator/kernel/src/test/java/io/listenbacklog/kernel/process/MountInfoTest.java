package io.listenbacklog.kernel.process;

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
  void shortLinesAreNothing() {
    assertThat(MountInfo.containerName("1 2 3\n\n     \n", UID)).isEmpty();
  }
}
