package io.listenbacklog.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.listenbacklog.api.Loopback;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.Remedy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a policy file may say, and how what it may not is refused. */
class PolicyFileTest {
  private static final String BEGINNING =
      "apiVersion: listenbacklog.io/v1alpha1\nkind: HostBacklogPolicy\n";

  private static List<HostPolicy> read(String yaml) throws IOException {
    return PolicyFile.read("policy.yaml", yaml);
  }

  private static HostPolicy spec(String spec) throws IOException {
    return read(BEGINNING + "metadata: {name: web}\nspec: " + spec).getFirst();
  }

  @Test
  void allFieldsAreRead() throws IOException {
    var policy =
        spec(
            """
              mode: Enforce
              select:
                units: ["web-?.service"]
                users: [www-data, 33]
                executables: [/usr/bin/python3*]
                ports: [80, 8000-8099]
              minimum: 1024
              maximum: 4096
              ports:
              - {port: 8000-8009, minimum: 256, maximum: 512}
              - {port: 8001, exempt: true}
              - {port: 80, maximum: 2048}
              loopback: Exempt
              remedies: [Relisten, Sysctl]
              sysctls: {somaxconn: 8192, tcpMaxSynBacklog: 2048}
              stall: {after: 1m30s}
            """
                .replaceAll("(?m)^", "  ")
                .replaceFirst("^", "\n"));

    assertThat(policy.name()).isEqualTo("web");
    assertThat(policy.mode()).isEqualTo(Mode.ENFORCE);
    assertThat(policy.minimum()).isEqualTo(1024);
    assertThat(policy.maximum()).isEqualTo(4096);
    assertThat(policy.ports())
        .containsExactly(
            new NodePort(80, 1024, 2048, false),
            new NodePort(8000, 8009, 256, 512, false),
            new NodePort(8001, null, null, true));
    assertThat(policy.loopback()).isEqualTo(Loopback.EXEMPT);
    assertThat(policy.remedies()).containsExactlyInAnyOrder(Remedy.RELISTEN, Remedy.SYSCTL);
    assertThat(policy.somaxconn()).isEqualTo(8192);
    assertThat(policy.tcpMaxSynBacklog()).isEqualTo(2048);
    assertThat(policy.stallAfter()).isEqualTo(Duration.ofSeconds(90));
    var asked = policy.requirement(true, List.of());
    assertThat(asked.minimum()).as("of ports that are not selected").isNull();
    assertThat(asked.allowNodeSysctls()).isTrue();
    assertThat(asked.ports())
        .contains(new NodePort(8000, 8099, 1024, 4096, false), policy.ports().getFirst());
  }

  @Test
  void whereSelectNamesPortsAMaximumAloneIsTheirs() throws IOException {
    var asked = spec("{maximum: 512, select: {ports: [8000]}}").requirement(true, List.of());

    assertThat(asked.ports()).containsExactly(new NodePort(8000, null, 512, false));
    assertThat(asked.maximum()).isNull();
  }

  /** Where names of users are from a directory, numbers may be large. */
  @Test
  void aUserMayBeAnyNumberThereIs() throws IOException {
    var policy = spec("{select: {users: [4294967294, 2147483648, 33]}}");

    assertThat(policy.selection().users())
        .extracting(Glob::text)
        .containsExactly("4294967294", "2147483648", "33");
    assertThatThrownBy(() -> spec("{select: {users: [4294967295]}}"))
        .hasMessageContaining("\"4294967295\" is no name");
  }

  @Test
  void whatIsNotSaidIsTheCautiousThing() throws IOException {
    var policy = spec("{select: {units: [web.service]}}");

    assertThat(policy.mode()).isEqualTo(Mode.OBSERVE);
    assertThat(policy.remedies()).containsExactly(Remedy.RELISTEN);
    assertThat(policy.minimum()).isNull();
    assertThat(policy.stallAfter()).isEqualTo(Duration.ofSeconds(5));
    assertThat(policy.requirement(true, List.of()).allowNodeSysctls()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{minimum: 0, select: {ports: [80]}} | spec.minimum: \"0\" is not in 1 to 65535",
        "{minimum: 65536, select: {ports: [80]}} | spec.minimum: \"65536\" is not in 1 to 65535",
        "{minimum: 'a lot', select: {ports: [80]}} | spec.minimum: \"a lot\"",
        "{minimum: 1.5, select: {ports: [80]}} | spec.minimum: \"1.5\"",
        "{minimum: 9, maximum: 8, select: {ports: [80]}} | spec.maximum: 8 is less than the minimum, 9",
        "{mode: enforce, select: {ports: [80]}} | spec.mode: \"enforce\" is not Enforce, Observe",
        "{minimun: 64, select: {ports: [80]}} | there is no field \"minimun\": it has loopback, maximum, minimum",
        "{minimum: 64} | spec.select: is missing",
        "{select: {}} | spec.select: names nothing",
        "{select: web.service} | spec.select: \"web.service\" is no object",
        "{select: {unit: [a]}} | spec.select: there is no field \"unit\"",
        "{select: {units: web.service}} | spec.select.units: \"web.service\" is no list: write [web.service]",
        "{select: {units: []}} | spec.select.units: is an empty list",
        "{select: {units: ['']}} | spec.select.units: \"\" is no name",
        "{select: {users: [{}]}} | spec.select.users: \"{}\" is no name",
        "{select: {ports: [http]}} | spec.select.ports: \"http\" is no port",
        "{select: {ports: [0]}} | spec.select.ports: \"0\" is no port",
        "{select: {ports: [90-80]}} | spec.select.ports: \"90-80\" is no port",
        "{select: {ports: [80-90, 85]}} | spec.select.ports: 80-90 and 85 have ports in common",
        "{select: {ports: [80]}, ports: [{port: 81, minimum: 5}]} | spec.ports[0].port: 81 is not among the ports",
        "{select: {units: [a]}, ports: [{port: 80}]} | spec.ports[0].port: 80 has either a minimum",
        "{select: {units: [a]}, ports: [{port: 80, minimum: 5, exempt: true}]} | spec.ports[0].port: 80 has either",
        "{select: {units: [a]}, ports: [{port: 80, exempt: 1}]} | spec.ports[0].exempt: \"1\" is neither",
        "{select: {units: [a]}, ports: [{minimum: 5}]} | spec.ports[0].port: is missing",
        "{select: {units: [a]}, ports: [{port: 80, minimum: 5}, {port: 80, minimum: 6}]} | spec.ports[1].port: 80 is there twice",
        "{select: {units: [a]}, ports: [{port: 80-90, minimum: 5}, {port: 85-95, minimum: 6}]} | 80-90 and 85-95 have some ports in common",
        "{select: {units: [a]}, remedies: [Restart]} | spec.remedies: \"Restart\" is not Relisten, Sysctl",
        "{select: {units: [a]}, remedies: [Sysctl, Sysctl]} | spec.remedies: \"Sysctl\" is there twice",
        "{select: {units: [a]}, sysctls: {somaxconn: 64}} | spec.sysctls: is without effect unless remedies has Sysctl",
        "{select: {units: [a]}, stall: {after: soon}} | spec.stall.after: \"soon\" is no duration from 1s to 1h",
        "{select: {units: [a]}, stall: {after: 2h}} | spec.stall.after: \"2h\" is no duration",
        "{select: {units: [a]}, unix: govern} | spec.unix: \"govern\" is not Govern, Ignore, Observe",
        "{select: {ports: [80]}, unix: Govern} | spec.unix: is without effect where select names ports",
        "{select: {ports: [80]}, ports: [{path: /run/a, exempt: true}]} | spec.ports[0].path: \"/run/a\" is without effect: select names ports",
        "{select: {units: [a]}, unix: Ignore, ports: [{path: /run/a, exempt: true}]} | spec.ports[0].path: \"/run/a\" is without effect: unix is Ignore",
        "{select: {units: [a]}, ports: [{path: /run/a, minimum: 5}]} | spec.ports[0].minimum: 5 is without effect without unix: Govern",
        "{select: {units: [a]}, unix: Govern, ports: [{path: /run/a, maximum: 5}]} | spec.ports[0].maximum: a path has none",
        "{select: {units: [a]}, unix: Govern, ports: [{path: /r*n/a, minimum: 5}]} | spec.ports[0].path: \"/r*n/a\" has a * that is not at its end",
        "{select: {units: [a]}, unix: Govern, ports: [{path: /run/a}]} | spec.ports[0].path: \"/run/a\" has either a minimum or exempt: true",
        "{select: {units: [a]}, unix: Govern, ports: [{path: /a, minimum: 5}, {path: /a, minimum: 6}]} | spec.ports[1].path: \"/a\" is there twice",
        "{select: {units: [a]}, unix: Govern, ports: [{path: /a, port: 80, minimum: 5}]} | spec.ports[0].path: is there beside a port",
        "{select: {units: [a], units: [b]}} | is no YAML: ",
        "{select: {units: [a] | is no YAML: ",
      })
  void whatCannotBeMeantIsRefusedWithFieldAndValue(String spec, String message) {
    assertThatThrownBy(() -> spec(spec))
        .isInstanceOf(BadPolicyException.class)
        .hasMessageStartingWith("policy.yaml")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kind: HostBacklogPolicy | apiVersion: is missing",
        "{apiVersion: v1, kind: HostBacklogPolicy} | apiVersion: \"v1\" is not listenbacklog.io/v1alpha1",
        "{apiVersion: listenbacklog.io/v1alpha1, kind: BacklogPolicy} | kind: \"BacklogPolicy\" is not HostBacklogPolicy",
        "{apiVersion: listenbacklog.io/v1alpha1, kind: HostBacklogPolicy} | metadata.name: is missing",
        "{apiVersion: listenbacklog.io/v1alpha1, kind: HostBacklogPolicy, metadata: {name: a}} | spec: is missing",
        "[1, 2] | is no object with fields",
        "web | \"web\" is no object with fields",
        "# nothing | there is no policy in it",
      })
  void whatIsNoPolicyIsRefused(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(BadPolicyException.class)
        .hasMessageStartingWith("policy.yaml")
        .hasMessageContaining(message);
  }

  @Test
  void ofSeveralNoneMayBeCalledAsAnotherAndNoneBehindOneForAll() throws IOException {
    String one = BEGINNING + "metadata: {name: a}\nspec: {select: {units: [a.service]}}\n";
    String all = BEGINNING + "metadata: {name: all}\nspec: {select: {users: ['*']}}\n";

    assertThat(read(one + "---\n" + all)).extracting(HostPolicy::name).containsExactly("a", "all");
    assertThatThrownBy(() -> read(one + "---\n" + one)).hasMessageContaining("are called \"a\"");
    assertThatThrownBy(() -> read(all + "---\n" + one))
        .hasMessageContaining("policy \"a\" governs nothing")
        .hasMessageContaining("\"all\" before it selects every service");
    assertThatThrownBy(() -> read(one + "---\n" + BEGINNING + "spec: {}"))
        .hasMessageContaining("policy.yaml, document 2: metadata.name: is missing");
  }

  @Test
  void aFileThatIsNotThereOrIsNoTextIsNamed(@TempDir Path folder) throws IOException {
    var file = folder.resolve("policy.yaml");

    assertThatThrownBy(() -> PolicyFile.read(file)).hasMessage(file + ": there is no such file");

    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThatThrownBy(() -> PolicyFile.read(file)).hasMessage(file + ": is not UTF-8");
  }

  @Test
  void whatCannotBeReadIsSaidWithTheReason(@TempDir Path folder) throws IOException {
    assertThatThrownBy(() -> PolicyFile.read(folder))
        .hasMessage(folder + ": cannot be read: is a directory");

    // Write-only for root too, whoever runs the tests.
    var secret = Path.of("/proc/sys/net/ipv4/route/flush");
    assertThatThrownBy(() -> PolicyFile.read(secret))
        .hasMessage(secret + ": cannot be read: permission denied");
  }

  /** Ten to the ninth power of one word: they are not written out. */
  @Test
  void aDocumentThatGrowsIsRefused() {
    var bomb = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 60; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9) + "y"));
    }

    assertThatThrownBy(() -> read(bomb.toString()))
        .isInstanceOf(BadPolicyException.class)
        .message()
        .hasSizeLessThan(1_000);
  }
}
