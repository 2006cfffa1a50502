package io.listenbacklog.policy.golden;

import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Policies, namespaces and pods in; out come each node's requirements, what each policy has of the
 * pods, what is wrong with annotations, and what the limits cut.
 */
class ResolutionGoldenTest {

  static List<GoldenCase> cases() throws IOException {
    return GoldenCase.all("resolve");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void resolves(GoldenCase golden) throws IOException {
    var resolved = ResolvedCase.of(golden);
    var outcome = new TreeMap<String, String>();
    resolved
        .nodes()
        .forEach(
            (node, resolution) ->
                outcome.put(
                    "out-NodeBacklog-" + node + ".yaml",
                    GoldenCase.YAML.asYaml(resolution.spec())));
    outcome.put("out-policies.txt", resolved.policiesAsText());
    outcome.put("out-annotations.txt", resolved.problemsAsText());
    outcome.put("out-clamps.txt", resolved.clampsAsText());
    outcome.values().removeIf(String::isEmpty);
    golden.check(outcome);
  }
}
