package io.listenbacklog.e2e.tenants;

import io.listenbacklog.e2e.harness.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The table of docs/security.md that these tests make: memory of both parts while a tenant does its
 * worst. Each row is printed; {@code -Dordeals=write} puts it into the file.
 */
final class OrdealsTable {
  private static final Path FILE = TestCluster.sources().resolve("docs/security.md");
  private static final String HEAD = "| what the tenant does |";

  private OrdealsTable() {}

  /**
   * A row.
   *
   * @param probeKiB peak of resident memory
   * @param controllerKiB likewise
   * @param slowest until the last of another tenant's four pods had its Event, or its cure
   */
  record Row(String title, long probeKiB, long controllerKiB, Duration slowest) {
    private String text() {
      return String.format(
          Locale.ROOT,
          "| %s | %d MiB | %d MiB | %.1f s |",
          title,
          probeKiB / 1024,
          controllerKiB / 1024,
          slowest.toMillis() / 1000.0);
    }

    void write() {
      System.out.println("ordeal: " + text());
      if (!System.getProperty("ordeals", "").equals("write")) return;
      try {
        Files.write(FILE, with(Files.readAllLines(FILE), title, text()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The lines, with the row of the same title replaced, or the row appended. */
  private static List<String> with(List<String> lines, String title, String row) {
    var all = new ArrayList<>(lines);
    int at = 0;
    while (!all.get(at).startsWith(HEAD)) at++;
    int end = at + 2;
    for (; end < all.size() && all.get(end).startsWith("|"); end++) {
      if (all.get(end).startsWith("| " + title + " |")) {
        all.set(end, row);
        return all;
      }
    }
    all.add(end, row);
    return all;
  }
}
