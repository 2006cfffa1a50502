package io.listenbacklog.probe.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.kernel.socket.ListenerTable;
import io.listenbacklog.kernel.socket.UnixListenerTable;
import io.listenbacklog.probe.discover.ProcessIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What docs/security.md says of the budgets is what they are. */
class BudgetsTest {
  private static final Budgets IS = Budgets.STANDARD;

  @Test
  void theSecurityPageHasTheirNumbers() throws IOException {
    String page = Files.readString(Path.of("../../docs/security.md"));
    assertThat(page)
        .contains(row("listeners watched", IS.listenersOfPod(), IS.listeners(), IS.sureListeners()))
        .contains(
            row("raised at a time", IS.raised().ofPod(), IS.raised().inAll(), IS.raised().sure()))
        .contains("of one Kubernetes namespace " + number(IS.raised().ofNamespace()))
        .contains(
            row(
                "network namespaces visited",
                IS.namespacesOfPod(),
                IS.namespaces(),
                IS.sureNamespaces()))
        .contains(
            row(
                "processes looked at",
                ProcessIndex.Share.STANDARD.ofPod(),
                ProcessIndex.Share.STANDARD.all(),
                ProcessIndex.Share.STANDARD.sure()))
        .contains(cells(IS.descriptorsOfPod().aSecond(), IS.descriptors().aSecond()))
        .contains(
            cells(
                IS.birthNanosOfPod().aSecond() / 1_000_000, IS.birthNanos().aSecond() / 1_000_000))
        .contains(
            cells(
                IS.queueNanosOfPod().aSecond() / 1_000_000, IS.queueNanos().aSecond() / 1_000_000))
        .contains(
            "in %d milliseconds a second more"
                .formatted(IS.postponedBirthNanos().aSecond() / 1_000_000))
        .contains("shows " + number(ListenerTable.MOST) + " listeners")
        .contains("of UNIX ones " + number(UnixListenerTable.MOST))
        .contains("ends after " + IS.step().toMillis() + " ms");
  }

  private static String row(String what, long ofPod, long all, long sure) {
    String cells = cells(ofPod, all) + " " + number(sure) + " |";
    return what.equals("listeners watched")
        ? what + ", in a network namespace " + cells
        : what + " " + cells;
  }

  private static String cells(long ofPod, long all) {
    return "| " + number(ofPod) + " | " + number(all) + " |";
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
