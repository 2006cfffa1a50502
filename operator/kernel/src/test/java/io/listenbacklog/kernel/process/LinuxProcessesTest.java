package io.listenbacklog.kernel.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.linux.SyscallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On a tree made by hand that looks like procfs. */
class LinuxProcessesTest {
  private static final String UID = "6f1c2b1e-9a3d-4c5e-8f70-0123456789ab";
  private static final String ID =
      "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

  @TempDir private Path proc;
  private LinuxProcesses processes;

  @BeforeEach
  void look() {
    processes = new LinuxProcesses(new LibC(), proc.toString());
  }

  @Test
  void processesAreTheFoldersWithNumbersAscending() throws IOException {
    for (var name :
        new String[] {"71", "8", "1000000", "self", "sys", "12a", "-3", "99999999999"}) {
      Files.createDirectory(proc.resolve(name));
    }

    assertThat(processes.pids()).containsExactly(8, 71, 1000000);
  }

  @Test
  void aProcThatIsNotThereIsAnError() {
    var nowhere = new LinuxProcesses(new LibC(), proc.resolve("nowhere").toString());

    assertThatThrownBy(nowhere::pids)
        .isInstanceOfSatisfying(
            SyscallException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
  }

  @Test
  void aContainersProcessIsToldWithItsNameInThePod() throws IOException {
    write("71/comm", "python3\n");
    write("71/cmdline", "python3\0-m\0\0http.server\0");
    write("71/cgroup", "0::/kubepods/burstable/pod%s/%s\n".formatted(UID, ID));
    write(
        "71/mountinfo",
        "3 1 8:1 /v/pods/%s/containers/api/7f0c /dev/termination-log rw - e e rw\n".formatted(UID));
    Files.createSymbolicLink(proc.resolve("71/exe"), Path.of("/usr/bin/python3.11"));

    assertThat(processes.container(71)).contains(new Container(UID, ID));
    var facts = processes.facts(71).orElseThrow();
    assertThat(facts.command()).isEqualTo("python3");
    assertThat(facts.executable()).isEqualTo("/usr/bin/python3.11");
    assertThat(facts.arguments()).containsExactly("python3", "-m", "", "http.server");
    assertThat(facts.containerName()).isEqualTo("api");
  }

  @ParameterizedTest
  @CsvSource({
    // cgroup v2, v1, and both at once
    "0::/system.slice/octavia-api.service, octavia-api.service, ''",
    "'4:cpu,cpuacct:/|1:name=systemd:/system.slice/cron.service', cron.service, ''",
    "'1:name=systemd:/system.slice/ssh.service|0::/system.slice/ssh.service', ssh.service, ''",
    "0::/user.slice/user-1000.slice/session-2.scope, session-2.scope, ''",
    "0::/user.slice/user-1000.slice/user@1000.service/app.slice/web.service, web.service, ''",
    "0::/user.slice/user-1000.slice/user@1000.service/init.scope, init.scope, ''",
    "0::/user.slice/user-7.slice/user@7.service, user@7.service, ''",
    "0::/system.slice/system-getty.slice/getty@tty1.service/below, getty@tty1.service, ''",
    "0::/system.slice/docker-%ID.scope, docker-%ID.scope, %ID",
    "0::/machine.slice/libpod-%ID.scope/container, libpod-%ID.scope, %ID",
    "0::/machine.slice/libpod-conmon-%ID.scope, libpod-conmon-%ID.scope, ''",
    "'3:cpu:/docker/%ID|2:pids:/docker/%ID|1:name=systemd:/docker/%ID', '', %ID",
    "0::/docker/%ID/system.slice/nginx.service, '', %ID",
    "0::/kubepods/burstable/pod%UID/%ID, '', %ID",
    "0::/kubepods.slice/kubepods-pod%UID.slice/cri-containerd-%ID.scope, cri-containerd-%ID.scope, %ID",
    "0::/, '', ''",
    "0::/x.slice, '', ''",
    "nonsense, '', ''"
  })
  void aServiceIsToldByItsCgroup(String cgroups, String unit, String container) throws IOException {
    write("71/status", "Name:\tpython3\nUid:\t1000\t42\t1000\t1000\nGid:\t0\t0\t0\t0\n");
    write("71/cgroup", named(cgroups).replace('|', '\n') + "\n");

    assertThat(processes.service(71)).contains(new ServiceFacts(42, named(unit), named(container)));
  }

  private static String named(String text) {
    return text.replace("%UID", UID).replace("%ID", ID);
  }

  /** Ids are of 32 bits, without a sign: 4294967294 is the largest. */
  @ParameterizedTest
  @CsvSource({"0", "65534", "4294967294"})
  void theEffectiveUserIsTold(long user) throws IOException {
    write("71/status", "Uid:\t1\t%d\t2\t3\n".formatted(user));
    write("71/cgroup", "0::/\n");

    assertThat(processes.service(71)).contains(new ServiceFacts(user, "", ""));
  }

  /** Nested until no path has room for it; one process of that kind must not spoil each scan. */
  @Test
  void aProcessWhoseCgroupHasTooLongAPathIsOfNoPod() throws IOException {
    var deep = new LinuxProcesses(new LibC(), "/" + "x/".repeat(2100));

    assertThat(deep.container(71)).isEmpty();
  }

  @Test
  void aProcessThatIsGoneIsOfNoService() throws IOException {
    assertThat(processes.service(71)).isEmpty();
  }

  @Test
  void aProcessWithADescriptorForEachNumberBelowItsLimitIsAtIt() throws IOException {
    write(
        "71/limits", "Max open files            4                    4096                 files\n");
    for (int fd = 0; fd < 3; fd++) descriptor(fd);
    assertThat(processes.atLimitOfFiles(71)).isEmpty();

    descriptor(3);
    assertThat(processes.atLimitOfFiles(71)).contains(new OpenFiles(4, 4));

    descriptor(9); // opened before the limit was lowered
    assertThat(processes.atLimitOfFiles(71)).contains(new OpenFiles(4, 4));
    Files.delete(proc.resolve("71/fd/1"));
    assertThat(processes.atLimitOfFiles(71)).isEmpty();
    assertThat(processes.atLimitOfFiles(72)).isEmpty();
  }

  private void descriptor(int fd) throws IOException {
    var folder = Files.createDirectories(proc.resolve("71/fd"));
    Files.createSymbolicLink(
        folder.resolve(Integer.toString(fd)), Path.of("socket:[%d]".formatted(fd)));
  }

  @Test
  void whatAProcessCallsItselfIsCleanedAndBounded() throws IOException {
    write("71/comm", "\u001b[2Jevil\nname-that-is-long\n");
    write("71/cmdline", "x".repeat(100_000) + "\0" + "y");
    write("71/cgroup", "0::/\n");

    var facts = processes.facts(71).orElseThrow();

    assertThat(facts.command()).isEqualTo("[2Jevil name-th");
    assertThat(facts.arguments()).containsExactly("x".repeat(4096));
    assertThat(facts.executable()).isEmpty();
    assertThat(facts.containerName()).isEmpty();
  }

  @Test
  void argumentsAreAtMostSixtyFour() throws IOException {
    write("71/comm", "a\n");
    write("71/cmdline", "a\0".repeat(1000));

    assertThat(processes.facts(71).orElseThrow().arguments()).hasSize(64);
  }

  @Test
  void socketsAreTheLinksThatLeadToSockets() throws IOException {
    Files.createDirectories(proc.resolve("71/fd"));
    link("71/fd/0", "/dev/null");
    link("71/fd/12", "socket:[4711]");
    link("71/fd/3", "socket:[4711]");
    link("71/fd/4", "socket:[815]");
    link("71/fd/5", "pipe:[99]");
    link("71/fd/6", "socket:[no number]");
    link("71/fd/7", "/" + "long".repeat(50));

    assertThat(processes.sockets(71)).isEqualTo(Map.of(4711L, 3, 815L, 4));
  }

  @Test
  void theNetworkNamespaceIsWhereTheLinkLeads() throws IOException {
    Files.createDirectories(proc.resolve("71/ns"));
    link("71/ns/net", "net:[4026531840]");

    assertThat(processes.networkNamespace(71)).hasValue(4026531840L);
  }

  @Test
  void theStartIsReadBehindWhateverTheCommandIsCalled() throws IOException {
    write(
        "71/stat",
        "71 (a) b (c) 1 2) S 1 71 71 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 123456 9 8 7\n");

    assertThat(processes.startTicks(71)).hasValue(123456);
  }

  @Test
  void whoStartedItIsReadBehindWhateverTheCommandIsCalled() throws IOException {
    String rest = " 71 71 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 123456 9 8 7\n";
    write("71/stat", "71 (a) b (c) 1 2) S 1234" + rest);
    write("1/stat", "1 (init) S 0" + rest);

    assertThat(processes.parent(71)).hasValue(1234);
    assertThat(processes.parent(1)).isEmpty();
    assertThat(processes.parent(72)).isEmpty();
  }

  @Test
  void theBeginningOfTheStackTellsOneProgramImageFromTheNext() throws IOException {
    String before = "71 (a) b) S 1 71 71 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 123456 9 8 7 ";
    write("71/stat", before + "1 2 140732990915952 0 0\n");

    assertThat(processes.programImage(71)).hasValue(140732990915952L);
    assertThat(processes.programImage(72)).isEmpty();
  }

  @Test
  void aProgramThatExecutesAnotherHasAnotherImageAndTheSameStart() throws IOException {
    var shell = new ProcessBuilder("sh", "-c", "read x; exec cat").start();
    try (var toShell = shell.getOutputStream()) {
      var real = new LinuxProcesses(new LibC(), "/proc");
      int pid = Math.toIntExact(shell.pid());
      await().until(() -> real.facts(pid).orElseThrow().command().equals("sh"));
      var before = real.programImage(pid);
      var started = real.startTicks(pid);

      toShell.write('\n');
      toShell.flush();

      await().until(() -> real.facts(pid).orElseThrow().command().equals("cat"));
      assertThat(real.programImage(pid)).isPresent().isNotEqualTo(before);
      assertThat(real.startTicks(pid)).isEqualTo(started);
    }
  }

  @Test
  void theFilesThatAreMappedAreToldByTheirBaseNames() throws IOException {
    write(
        "71/maps",
        """
        55d0c0a00000-55d0c0a28000 r--p 00000000 08:01 1835     /usr/bin/a program
        7f2c44000000-7f2c44021000 rw-p 00000000 00:00 0
        7f2c48a00000-7f2c48a26000 r-xp 00000000 08:01 2971     /usr/lib/dotnet/libcoreclr.so
        7f2c48a26000-7f2c48b7d000 r-xp 00026000 08:01 2971     /usr/lib/dotnet/libcoreclr.so
        7f2c49000000-7f2c49001000 rw-s 00000000 00:01 2044     /memfd:doublemapper (deleted)
        7ffd1a3c1000-7ffd1a3e2000 rw-p 00000000 00:00 0        [stack]
        """);

    assertThat(processes.mappedFiles(71))
        .containsExactlyInAnyOrder("a program", "libcoreclr.so", "memfd:doublemapper (deleted)");
    assertThat(processes.mappedFiles(72)).isEmpty();
    int own = Math.toIntExact(ProcessHandle.current().pid());
    assertThat(new LinuxProcesses(new LibC(), "/proc").mappedFiles(own)).contains("libjvm.so");
  }

  @Test
  void ofMappedFilesAndTheirNamesThereIsABound() throws IOException {
    var maps = new StringBuilder();
    for (int each = 0; each < 10_000; each++)
      maps.append("0-1 r 0 0 0 /f").append(each).append('\n');
    write("71/maps", maps.toString());
    write("72/maps", "0-1 r 0 0 0 /" + "x".repeat(100_000));

    assertThat(processes.mappedFiles(71)).hasSize(4096);
    assertThat(processes.mappedFiles(72)).containsExactly("x".repeat(255));
  }

  @ParameterizedTest(name = "{0} hands over {1}")
  @CsvSource({
    "LISTEN_FDS=2, '3,4'",
    "SERVER_STARTER_PORT=0.0.0.0:80=5;8080=7, '5,7'",
    "SERVER_STARTER_PORT=[::]:80=5, 5",
    "EINHORN_FD_0=6, 6",
    "XLISTEN_FDS=2, ''",
    "LISTEN_FDS=many, ''",
    "LISTEN_FDS=-1, ''",
    "LISTEN_FDS=, ''",
    "LISTEN_PID=71, ''",
  })
  void whatWasHandedOverIsReadFromTheEnvironment(String variable, String fds) throws IOException {
    write("71/environ", "PATH=/bin\0SECRET=x\0" + variable + "\0HOME=/\0");

    assertThat(
            processes.handedOver(71).stream().map(String::valueOf).collect(Collectors.joining(",")))
        .isEqualTo(fds);
  }

  @Test
  void noMoreIsHandedOverThanOneWouldBelieve() throws IOException {
    write("71/environ", "LISTEN_FDS=2000000000\0");

    assertThat(processes.handedOver(71)).hasSize(1024);
    assertThat(processes.handedOver(72)).isEmpty();
  }

  @Test
  void theThreadGroupIsReadFromStatus() throws IOException {
    write("72/status", "Name:\tTgid: 5\nUmask:\t0022\nTgid:\t71\nNgid:\t0\n");
    write("73/status", "Name:\tx\n");
    // The kernel escapes a line feed in a name, but not a carriage return.
    write("74/status", "Name:\t\rTgid:\t1\nUmask:\t0022\nTgid:\t71\n");

    assertThat(processes.threadGroup(72)).hasValue(71);
    assertThat(processes.threadGroup(73)).isEmpty();
    assertThat(processes.threadGroup(74)).hasValue(71);
  }

  private void write(String file, String content) throws IOException {
    var path = proc.resolve(file);
    Files.createDirectories(path.getParent());
    Files.write(path, content.getBytes(UTF_8));
  }

  private void link(String file, String target) throws IOException {
    Files.createSymbolicLink(proc.resolve(file), Path.of(target));
  }
}
