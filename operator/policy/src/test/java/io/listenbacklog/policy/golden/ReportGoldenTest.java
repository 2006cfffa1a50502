package io.listenbacklog.policy.golden;

import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Policies, pods and the NodeBacklogs that their probes wrote in; out come each policy's status and
 * the Events. It is 2026-11-22T12:00:00Z.
 */
class ReportGoldenTest {

  static List<GoldenCase> cases() throws IOException {
    return GoldenCase.all("report");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void reports(GoldenCase golden) throws IOException {
    var reported = new ReportedCase(golden, ResolvedCase.of(golden));
    var outcome = new TreeMap<String, String>();
    reported
        .statuses()
        .forEach(
            (policy, status) ->
                outcome.put("out-" + policy + ".yaml", GoldenCase.YAML.asYaml(status)));
    outcome.put("out-Events.txt", reported.eventsAsText());
    outcome.values().removeIf(String::isEmpty);
    golden.check(outcome);
  }
}
