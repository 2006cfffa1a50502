package io.listenbacklog.e2e.servers;

import static java.util.stream.Collectors.joining;

import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.e2e.harness.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The table of docs/servers.md, made from what the tests saw. */
final class ServersTable {
  private static final Path FILE = TestCluster.sources().resolve("docs/servers.md");

  private static final String TOP =
      """
      # Servers that were tried

      Each ran in a pod of the test cluster, as its package makes it; a policy in mode Enforce asked for 8192. Each of its
      listeners was found, with the right container, process and backlog, was raised in the running process (same process, same
      socket), and answered a request afterwards. The Events advised what stands under the table. `RealServersIT` does this in
      each full build, and makes this file: CONTRIBUTING tells how. Debian 12's packages, but for the JDK. What a server listens on
      beside (metrics, debugging, administration) has a row of its own, and a setting of its own or none.

      | server | version | listeners | process | asked for | raised to | served |
      |---|---|---|---|---|---|---|
      """;

  private static final int VERSION = 2;

  private ServersTable() {}

  /** A server, and what its listeners were raised to: a row for each kind of them. */
  record Seen(RunningServer server, int raised) {
    private String rows() {
      return server.doors().stream().map(this::row).collect(joining("\n"));
    }

    private String row(RunningServer.Door door) {
      boolean isMain = door.port() == server.is().port();
      return "| %s | %s | %s | %s | %d | %d | %s |"
          .formatted(
              door.title(),
              server.version(),
              door.addresses().stream().map(each -> at(each, door.port())).collect(joining(", ")),
              door.process(),
              door.backlog(),
              raised,
              isMain ? "yes" : "");
    }

    private static String at(String address, int port) {
      return "`%s:%s`".formatted(address, port == Server.ANY_PORT ? "random" : port);
    }

    private String advice(Catalogue catalogue) {
      return server.doors().stream()
          .map(
              door ->
                  "- **%s**: %s"
                      .formatted(door.title(), catalogue.advice(door.application()).orElseThrow()))
          .collect(joining("\n"));
    }
  }

  /** The file as it should be. */
  static String of(List<Seen> seen) {
    var catalogue = Catalogue.standard();
    return TOP
        + seen.stream().map(Seen::rows).collect(joining("\n", "", "\n\n"))
        + "`*` is one socket for IPv4 and IPv6; `0.0.0.0` and `[::]` are two listeners, each with its own verdict.\n\n"
        + seen.stream().map(each -> each.advice(catalogue)).collect(joining("\n", "", "\n"));
  }

  static void write(List<Seen> seen) {
    try {
      Files.writeString(FILE, of(seen));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without versions, which change by themselves. */
  static List<String> lasting(String text) {
    return text.lines()
        .map(
            line -> {
              var cells = line.split("\\|", -1);
              if (cells.length > VERSION) cells[VERSION] = "";
              return String.join("|", cells);
            })
        .toList();
  }

  static String committed() {
    try {
      return Files.readString(FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
