package io.listenbacklog.kernel.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CgroupPathTest {
  private static final String UID = "6f1c2b1e-9a3d-4c5e-8f70-0123456789ab";
  private static final String ESCAPED = UID.replace('-', '_');
  private static final String HASH = "0123456789abcdef0123456789abcdef";
  private static final String ID =
      "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
  private static final String OTHER_ID = ID.replace('0', '9');

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/kubepods/podUID/ID",
        "/kubepods/burstable/podUID/ID",
        "/kubepods/besteffort/podUID/ID/and/what/it/made",
        "/NAME/node-1/kubepods/besteffort/podUID/ID",
        "/docker/OTHER/kubelet/kubepods/burstable/podUID/ID",
        "/kubepods.slice/kubepods-podESCAPED.slice/cri-containerd-ID.scope",
        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podESCAPED.slice/cri-containerd-ID.scope",
        "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podESCAPED.slice/crio-ID.scope",
        "/kubepods.slice/kubepods-podESCAPED.slice/crio-ID.scope/container",
        "/kubepods.slice/kubepods-podESCAPED.slice/docker-ID.scope",
        "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-podESCAPED.slice/cri-containerd-ID.scope",
        "/../../kubepods-besteffort-podESCAPED.slice/cri-containerd-ID.scope",
        "/../../podUID/ID",
        "/system.slice/containerd.service/kubepods-besteffort-podESCAPED.slice:cri-containerd:ID",
        "/kubepods/podUID/ID/docker/OTHER",
        "/kubepods/burstable/podUID/kata_ID",
        "/kubepods/podHASH/OTHER/kubelet/kubepods/podUID/ID",
      })
  void aContainerIsFoundWhateverNamesItsCgroup(String pattern) {
    assertThat(CgroupPath.container(filled(pattern))).contains(new Container(UID, ID));
  }

  @Test
  void theUidOfAStaticPodIsTheHashOfItsManifest() {
    assertThat(CgroupPath.container(filled("/kubepods/burstable/podHASH/ID")))
        .contains(new Container(HASH, ID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/../..",
        "/kubepods",
        "/kubepods/podUID",
        "/kubepods/podUID/short",
        "/kubepods/pod/ID",
        "/kubepods/podnot-a-uid/ID",
        "/user.slice/user-0.slice/session-1.scope",
        "/kubepods.slice/kubepods-podESCAPED.slice/crio-conmon-ID.scope",
        "/kubepods/podUIDx/ID",
        "/tripodUID/ID",
        "/docker/ID",
      })
  void whatIsNoContainerIsNone(String pattern) {
    assertThat(CgroupPath.container(filled(pattern))).isEmpty();
  }

  @Test
  void thePodIsKnownBeforeItsContainerIs() {
    assertThat(CgroupPath.podUid(filled("/kubepods/burstable/podUID"))).contains(UID);
    assertThat(CgroupPath.podUid(filled("/kubepods.slice/kubepods-podESCAPED.slice")))
        .contains(UID);
    assertThat(CgroupPath.podUid("/kubepods")).isEmpty();
  }

  @Test
  void ofSeveralHierarchiesTheFirstThatSaysSomethingCounts() {
    var file =
        filled(
            """
            12:pids:/system.slice
            11:cpu,cpuacct:/kubepods/podUID/ID
            1:name=systemd:/kubepods/podUID/ID
            0::/
            """);

    assertThat(CgroupPath.inFile(file)).contains(new Container(UID, ID));
    assertThat(CgroupPath.inFile(filled("0::/kubepods/podUID/ID\n")))
        .contains(new Container(UID, ID));
  }

  @Test
  void aLongPathIsNotLookedInto() {
    assertThat(CgroupPath.container("/a".repeat(5000) + filled("/podUID/ID"))).isEmpty();
  }

  @Test
  void garbageIsNoContainerAndNoException() {
    long seed = System.nanoTime();
    System.out.println("CgroupPathTest seed " + seed);
    var random = new Random(seed);
    var pieces =
        new String[] {"/", ":", "-", "pod", UID, ESCAPED, ID, ".slice", ".scope", "..", "\n", "\0"};
    for (int round = 0; round < 20_000; round++) {
      var text = new StringBuilder();
      for (int piece = random.nextInt(12); piece >= 0; piece--) {
        text.append(
            random.nextInt(8) == 0
                ? Character.toString(random.nextInt(0x10000))
                : pieces[random.nextInt(pieces.length)]);
      }
      var found = CgroupPath.inFile(text.toString());
      found.ifPresent(
          container -> {
            assertThat(container.podUid()).as("seed %d", seed).matches("[0-9a-f-]{32,36}");
            assertThat(container.containerId()).as("seed %d", seed).matches("[0-9a-f]{32,128}");
          });
    }
  }

  private static String filled(String pattern) {
    return pattern
        .replace("ESCAPED", ESCAPED)
        .replace("UID", UID)
        .replace("HASH", HASH)
        .replace("OTHER", OTHER_ID)
        .replace("ID", ID);
  }
}
