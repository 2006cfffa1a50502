package io.listenbacklog.appconfig.format;

import static io.listenbacklog.appconfig.format.Edits.assertEdit;
import static io.listenbacklog.appconfig.format.Edits.assertRefused;
import static io.listenbacklog.appconfig.format.FileFormat.JSON;
import static io.listenbacklog.appconfig.format.FileFormat.YAML;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TreeFormatsTest {

  @Nested
  class Yaml {

    @Test
    void theValueIsReplaced() {
      assertEdit(
          YAML,
          "# mongod\nnet:\n  port: 27017\n  listenBacklog: 128  # so many\n",
          "net.listenBacklog",
          "# mongod\nnet:\n  port: 27017\n  listenBacklog: 64  # so many\n");
      assertEdit(YAML, "\uFEFFa: '5'\r\nb: 🐙\r\n", "a", "\uFEFFa: '64'\r\nb: 🐙\r\n");
      assertEdit(YAML, "é🐙: 🐙\na: \"5\"\n", "a", "é🐙: 🐙\na: \"64\"\n");
      assertEdit(YAML, "l:\n- {b: 1}\n- b: 2\n", "l[1].b", "l:\n- {b: 1}\n- b: 64\n");
      assertEdit(YAML, "a.b: {c: 1}", "\"a.b\".c", "a.b: {c: 64}");
      assertEdit(YAML, "{\"a\": [{\"b\":1}]}", "a[0].b", "{\"a\": [{\"b\":64}]}");
      assertEdit(YAML, "x: &y 1\nz: *y\na: 1\n", "a", "x: &y 1\nz: *y\na: 64\n");
    }

    @Test
    void whatIsNotThereComesFirstInItsMapping() {
      assertEdit(
          YAML,
          "net:\n    # the port\n    port: 1\n",
          "net.listenBacklog",
          "net:\n    # the port\n    listenBacklog: 64\n    port: 1\n");
      assertEdit(
          YAML,
          "---\r\nstorage: 1\r\n",
          "net.listenBacklog",
          "---\r\nnet:\r\n  listenBacklog: 64\r\nstorage: 1\r\n");
      assertEdit(YAML, "\uFEFFb: 1\n", "a", "\uFEFFa: 64\nb: 1\n");
      assertEdit(YAML, "l:\n  - x: 1\n", "l[0].b", "l:\n  - b: 64\n    x: 1\n");
      assertEdit(YAML, "a: {x: 1}\n", "a.b.c", "a: {b: {c: 64}, x: 1}\n");
      assertEdit(YAML, "a: {}\n", "a.b", "a: {b: 64}\n");
      assertEdit(YAML, "# nothing yet", "a.b", "# nothing yet\na:\n  b: 64");
      assertEdit(YAML, "", "a", "a: 64\n");
    }

    @Test
    void whatIsNotClearIsRefused() {
      assertRefused(YAML, "a: &x {b: 1}\nc: *x\n", "a.b", 1, "anchor");
      assertRefused(YAML, "a: &x 1\nc: *x\n", "a", 1, "cannot be kept");
      assertRefused(YAML, "x: &x {b: 1}\na: *x\n", "a.b", 2, "reference");
      assertRefused(YAML, "x: &x {b: 1}\na:\n  <<: *x\n", "a.b", 3, "merged");
      assertRefused(YAML, "a: 1\n---\na: 2\n", "a", 2, "more than one document");
      assertRefused(YAML, "a: 1\na: 2\n", "a", 2, "more than once");
      assertRefused(YAML, "a: !env N\n", "a", 1, "cannot be kept");
      assertRefused(YAML, "a: |\n  5\n", "a", 1, "cannot be kept");
      assertRefused(YAML, "a: ${N}\n", "a", 1, "no number");
      assertRefused(YAML, "a:\n  {{- if .x }}\n  b: 1\n", "a.b", 2, "");
      assertRefused(YAML, "a: {{ .n }}\n", "a", 1, "mapping");
      assertRefused(YAML, "a: [1]\n", "a.b", 1, "list");
      assertRefused(YAML, "a: {b: 1}\n", "a[0].b", 1, "mapping");
      assertRefused(YAML, "a: [{b: 1}]\n", "a[1].b", 1, "not so many");
      assertRefused(YAML, "a:\n", "a.b", 1, "single value");
      assertRefused(
          YAML, "server:\n  tomcat.accept-count: 5\n", "server.tomcat.accept-count", 2, "same");
      assertRefused(
          YAML, "server.tomcat:\n  accept-count: 5\n", "server.tomcat.accept-count", 1, "same");
      assertRefused(YAML, "server: {acceptCount: 5}\n", "server.accept-count", 1, "same");
      assertRefused(YAML, "[".repeat(1000), "a", 1, "too deeply");
      assertRefused(YAML, "a: [", "a", 1, "no YAML");
      assertRefused(YAML, "a: 1", "a..b", 0, "path");
      assertRefused(YAML, "a: 1", "a[x]", 0, "path");
      assertRefused(YAML, "a: 1", "", 0, "path");
    }
  }

  @Nested
  class Json {

    @Test
    void theValueIsReplaced() {
      assertEdit(
          JSON,
          "{\r\n\t\"net\": {\"backlog\": 5, \"x\": \"🐙 \\\" \"},\r\n\t\"backlog\": 1}\r\n",
          "net.backlog",
          "{\r\n\t\"net\": {\"backlog\": 64, \"x\": \"🐙 \\\" \"},\r\n\t\"backlog\": 1}\r\n");
      assertEdit(
          JSON, "\uFEFF{\"é\":\"🐙\",\"a\":\"5\"}", "a", "\uFEFF{\"é\":\"🐙\",\"a\":\"64\"}");
      assertEdit(JSON, "{\"l\":[1,{\"a\":2}]}", "l[1].a", "{\"l\":[1,{\"a\":64}]}");
    }

    @Test
    void whatIsNotThereComesFirstInItsObject() {
      assertEdit(JSON, "{\n  \"x\": 1\n}\n", "a.b", "{\n  \"a\": {\"b\": 64},\n  \"x\": 1\n}\n");
      assertEdit(JSON, "{\"x\":1}", "a", "{\"a\": 64, \"x\":1}");
      assertEdit(JSON, "{\"a\":{}}", "a.b", "{\"a\":{\"b\": 64}}");
      assertEdit(JSON, "{\n}", "a", "{\"a\": 64\n}");
    }

    @Test
    void whatIsNotClearIsRefused() {
      assertRefused(JSON, "{\"a\":1,\n\"a\":2}", "a", 2, "more than once");
      assertRefused(JSON, "{\"a\":1} {}", "a", 1, "more than one value");
      assertRefused(JSON, "{\"a\":1, // one\n}", "a", 1, "no JSON");
      assertRefused(JSON, "{\"a\":null}", "a", 1, "no number");
      assertRefused(JSON, "{\"a\":\"\\u0035\"}", "a", 1, "cannot be kept");
      assertRefused(JSON, "{\"a\":{{ .n }}}", "a", 1, "no JSON");
      assertRefused(JSON, "", "a", 0, "nothing");
      assertRefused(JSON, "[".repeat(100_000), "a", 0, "no JSON");
      assertRefused(JSON, "{\"a\":[]}", "a[0].b", 1, "not so many");
    }
  }
}
