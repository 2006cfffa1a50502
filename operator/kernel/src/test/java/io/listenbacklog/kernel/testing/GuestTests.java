package io.listenbacklog.kernel.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.discoveryRequest;

import java.io.PrintWriter;
import java.util.Arrays;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Runs test classes in a machine that has nothing but a JVM and their class path: the kernels that
 * {@code OtherKernelsIT} boots. Exits with 1 if one fails, or if none was found.
 */
public final class GuestTests {
  private GuestTests() {}

  public static void main(String[] classes) {
    var summary = new SummaryGeneratingListener();
    var progress =
        new TestExecutionListener() {
          @Override
          public void executionSkipped(TestIdentifier test, String reason) {
            System.out.println("skipped: " + test.getDisplayName() + ": " + reason);
          }

          @Override
          public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest()) System.out.println(result.getStatus() + " " + test.getDisplayName());
          }
        };
    var request =
        discoveryRequest()
            .selectors(Arrays.stream(classes).map(name -> selectClass(name)).toList())
            .build();
    LauncherFactory.create().execute(request, summary, progress);
    var seen = summary.getSummary();
    seen.printFailuresTo(new PrintWriter(System.out, true, UTF_8), 12);
    System.out.printf(
        "%d tests passed, %d failed, %d skipped%n",
        seen.getTestsSucceededCount(), seen.getTotalFailureCount(), seen.getTestsSkippedCount());
    System.exit(seen.getTotalFailureCount() == 0 && seen.getTestsSucceededCount() > 0 ? 0 : 1);
  }
}
