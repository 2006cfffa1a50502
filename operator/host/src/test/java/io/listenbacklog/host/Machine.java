package io.listenbacklog.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.listenbacklog.kernel.fake.FakeKernel;
import io.listenbacklog.kernel.fake.FakeNamespace;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import picocli.CommandLine;

/** A machine in memory, whose time passes while it is audited; what happens meanwhile is told. */
final class Machine {
  final FakeKernel kernel = new FakeKernel();
  final FakeNamespace own = kernel.namespace();
  private long nanos = Duration.ofHours(1).toNanos();
  private Runnable meanwhile = () -> {};

  /** What an audit said. */
  record Answer(int status, String out, String err) {
    JsonNode json() throws IOException {
      return JsonMapper.builder().build().readTree(out);
    }

    List<JsonNode> listeners() throws IOException {
      return StreamSupport.stream(json().get("listeners").spliterator(), false).toList();
    }

    JsonNode listener(int port) throws IOException {
      return listeners().stream()
          .filter(each -> each.get("address").asText().endsWith(":" + port))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no listener on port " + port));
    }

    JsonNode unix(String path) throws IOException {
      return listeners().stream()
          .filter(each -> each.get("address").asText().equals("unix:" + path))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no listener at " + path));
    }

    List<String> findings(int port) throws IOException {
      var findings = new ArrayList<String>();
      listener(port).get("findings").forEach(each -> findings.add(each.asText()));
      return findings;
    }
  }

  Machine() {
    kernel.time(() -> nanos);
  }

  /** Is done at each pause of an audit. */
  void meanwhile(Runnable what) {
    meanwhile = what;
  }

  void pass(Duration time) {
    nanos += time.toNanos();
  }

  /** As with {@code -o json}. */
  Answer audit(String... options) throws IOException, InterruptedException {
    var all = new ArrayList<>(List.of(options));
    all.addAll(List.of("-o", "json"));
    return table(all.toArray(String[]::new));
  }

  Answer table(String... options) throws IOException, InterruptedException {
    var audit = new Audit();
    var out = new StringWriter();
    var err = new StringWriter();
    var line = new CommandLine(audit).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    line.parseArgs(options);
    var start = Instant.parse("2026-11-28T12:00:00Z");
    var clocks = new Clocks(Clock.fixed(start, ZoneOffset.UTC), () -> nanos);
    int status =
        audit.report(
            kernel,
            clocks,
            time -> {
              pass(time);
              meanwhile.run();
            });
    return new Answer(status, out.toString(), err.toString());
  }
}
