package io.listenbacklog.kernel.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CgroupViewTest {
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
        "/kubepods/podUID/ID/kubelet/kubepods/podHASH/OTHER",
        "/kubepods/burstable/podUID/ID/podHASH/OTHER",
      })
  void aContainerIsFoundWhateverNamesItsCgroup(String pattern) {
    assertThat(container(filled(pattern))).contains(new Container(UID, ID));
  }

  @Test
  void theUidOfAStaticPodIsTheHashOfItsManifest() {
    assertThat(container(filled("/kubepods/burstable/podHASH/ID")))
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
    assertThat(container(filled(pattern))).isEmpty();
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

    assertThat(CgroupView.OF_THE_NODE.container(file)).contains(new Container(UID, ID));
    assertThat(CgroupView.OF_THE_NODE.container(filled("0::/kubepods/podUID/ID\n")))
        .contains(new Container(UID, ID));
  }

  @Test
  void aLongPathIsNotLookedInto() {
    assertThat(container("/a".repeat(5000) + filled("/podUID/ID"))).isEmpty();
  }

  @Test
  void garbageIsNoContainerAndNoException() {
    long seed = System.nanoTime();
    System.out.println("CgroupViewTest seed " + seed);
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
      var found = CgroupView.OF_THE_NODE.container(text.toString());
      found.ifPresent(
          container -> {
            assertThat(container.podUid()).as("seed %d", seed).matches("[0-9a-f-]{32,36}");
            assertThat(container.containerId()).as("seed %d", seed).matches("[0-9a-f]{32,128}");
          });
    }
  }

  // From inside a cgroup namespace, as in each container on cgroup v2. Paths of containerd on three
  // Debians (1.6, 1.7, 2.1); CRI-O's of crun by its documentation.

  private static CgroupView inside(String init) {
    return CgroupView.of("0::/\n", "0::" + init + "\n", UID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/", // itself
        "/what/it/made",
        "/podHASH/OTHER", // and be it named as somebody else's
        "/../cri-containerd-OTHER.scope", // its pause container
        "/../OTHER", // with cgroupfs
        "/../crio-OTHER.scope",
        "/../crio-OTHER.scope/container",
        "/../../crio-OTHER.scope/container", // crun: one level deeper
        "/../../../kubepods-burstable.slice/kubepods-burstable-podESCAPED.slice/cri-containerd-OTHER.scope",
      })
  void theOwnPodIsKnownFromInside(String path) {
    assertThat(inside("/../../../../init.scope").container(filled("0::" + path + "\n")))
        .map(Container::podUid)
        .contains(UID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../kubepods-burstable-podVICTIM.slice/cri-containerd-OTHER.scope",
        "/../../../kubepods-besteffort.slice/kubepods-besteffort-podVICTIM.slice/cri-containerd-OTHER.scope",
        "/../../../kubepods-podVICTIM.slice/crio-OTHER.scope/container",
        "/../../podVICTIM/OTHER",
        "/../../podVICTIM/OTHER/podUID/ID", // who may make cgroups inside its own
      })
  void othersAreKnownFromInside(String path) {
    assertThat(inside("/../../../../init.scope").container(filled("0::" + path + "\n")))
        .contains(new Container("7f1c2b1e-9a3d-4c5e-8f70-0123456789ab", OTHER_ID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/..",
        "/../..",
        "/../../../..",
        "/../../../../init.scope",
        "/../../../../system.slice/containerd.service",
        "/../../../../system.slice/docker-OTHER.scope", // a container, but no pod's
        "/../../../../docker/OTHER",
        "/../../../../OTHER",
        "/../crio-conmon-OTHER.scope",
        "/../../kubepods-burstable-podVICTIM.slice/crio-conmon-OTHER.scope",
        "/../../kubepods-burstable-podVICTIM.slice",
        "/../tmp",
      })
  void whatIsNoPodsIsNoneFromInside(String path) {
    assertThat(inside("/../../../../init.scope").container(filled("0::" + path + "\n"))).isEmpty();
  }

  @Test
  void atTheTopOfTheHierarchyNothingIsBesideThePod() {
    // The container is right below the root: two levels up there is nothing of a pod's.
    var view = inside("/../../init.scope");
    assertThat(view.container(filled("0::/../../OTHER\n"))).isEmpty();
    assertThat(view.container(filled("0::/../OTHER\n"))).isPresent();
  }

  @Test
  void withoutTheOwnPodsUidNothingIsGuessed() {
    var view = CgroupView.of("0::/\n", "0::/../../init.scope\n", null);
    assertThat(view.container("0::/\n")).isEmpty();
    assertThat(view.container(filled("0::/../OTHER\n"))).isEmpty();
    assertThat(view.container(filled("0::/../../podUID/ID\n"))).contains(new Container(UID, ID));
  }

  @Test
  void aHybridHierarchyIsSeenFromInsideInOnePartOnly() {
    // systemd's hybrid: v1 controllers, and a v2 without any, which shows the same "/" to all.
    var own = filled("4:pids:/kubepods/podUID/ID\n1:name=systemd:/kubepods/podUID/ID\n0::/\n");
    var view = CgroupView.of(own, "4:pids:/\n1:name=systemd:/init.scope\n0::/\n", UID);

    assertThat(view.container(own)).contains(new Container(UID, ID));
    assertThat(view.container("4:pids:/system.slice\n1:name=systemd:/system.slice\n0::/\n"))
        .isEmpty();
    assertThat(view.container(filled("4:pids:/kubepods/podVICTIM/OTHER\n0::/\n")))
        .map(Container::podUid)
        .contains("7f1c2b1e-9a3d-4c5e-8f70-0123456789ab");
  }

  @Test
  void aHierarchyInWhichTheRuntimeMakesNoCgroupsDoesNotMakeAllProcessesOurs() {
    // Seen on Linux 6.18 with v1 controllers beside v2: in "cpu" all are where the runtime is.
    var view = CgroupView.of("2:cpu:/\n0::/\n", "2:cpu:/../..\n0::/../../../../..\n", UID);

    assertThat(view.container("2:cpu:/\n0::/\n")).map(Container::podUid).contains(UID);
    assertThat(view.container(filled("2:cpu:/\n0::/../cri-containerd-OTHER.scope\n")))
        .contains(new Container(UID, OTHER_ID));
    assertThat(
            view.container(
                filled("2:cpu:/\n0::/../../kubepods-podVICTIM.slice/cri-containerd-OTHER.scope\n")))
        .map(Container::podUid)
        .contains("7f1c2b1e-9a3d-4c5e-8f70-0123456789ab");
    assertThat(view.container("2:cpu:/\n0::/../../../../../init.scope\n")).isEmpty();
    assertThat(view.container("2:cpu:/../..\n0::/\n")).isEmpty();
    assertThat(
            view.container(
                filled("2:cpu:/\n0::/../../kubepods-podVICTIM.slice/crio-conmon-OTHER.scope\n")))
        .isEmpty();
  }

  @Test
  void whereTheKubeletIsInAPodItselfItsOwnPodsAreTheInnerOnes() {
    var own = filled("0::/kubepods/podHASH/OTHER/kubelet/kubepods/burstable/podUID/ID\n");
    var view = CgroupView.of(own, "0::/kubepods/podHASH/OTHER/init.scope\n", UID);

    assertThat(view.container(own)).contains(new Container(UID, ID));
    assertThat(
            view.container(
                filled(
                    "0::/kubepods/podHASH/OTHER/kubelet/kubepods/podVICTIM/OTHER/kubepods/podUID/ID\n")))
        .map(Container::podUid)
        .contains("7f1c2b1e-9a3d-4c5e-8f70-0123456789ab");
    assertThat(view.container(filled("0::/kubepods/podHASH/OTHER/init.scope\n"))).isEmpty();
    assertThat(view.container(filled("0::/kubepods/podVICTIM/OTHER/kubepods/podUID/ID\n")))
        .isEmpty();
  }

  @Test
  void aPodsCgroupInsideAnothersIsTheOthers() {
    assertThat(container(filled("/kubepods/burstable/podVICTIM/OTHER/podUID/ID")))
        .contains(new Container("7f1c2b1e-9a3d-4c5e-8f70-0123456789ab", OTHER_ID));
  }

  private static Optional<Container> container(String path) {
    return CgroupView.OF_THE_NODE.container("0::" + path + "\n");
  }

  private static String filled(String pattern) {
    return pattern
        .replace("VICTIM", UID.replace("6f", "7f"))
        .replace("ESCAPED", ESCAPED)
        .replace("UID", UID)
        .replace("HASH", HASH)
        .replace("OTHER", OTHER_ID)
        .replace("ID", ID);
  }
}
