package io.listenbacklog.appconfig.format;

import static io.listenbacklog.appconfig.format.FileFormat.HAPROXY;

import org.junit.jupiter.api.Test;

class HaproxyFormatTest {
  private static final String FILE =
      """
      global
          log /dev/log local0
      defaults
          mode http
      frontend web
          bind :80 # backlog 7
          bind :443 ssl crt "/etc/a b.pem" name backlog
          acl a path_reg '^/#[{"]'
      backend app
          server a 10.0.0.1:80
      """;

  private static void edit(String content, String path, String expected) {
    Edits.assertEdit(HAPROXY, content, path, expected);
  }

  private static void refused(String content, String path, int line, String reason) {
    Edits.assertRefused(HAPROXY, content, path, line, reason);
  }

  @Test
  void aSectionGetsABacklog() {
    edit(FILE, "frontend web", FILE.replace("web\n", "web\n    backlog 64\n"));
    edit(FILE, "frontend", FILE.replace("web\n", "web\n    backlog 64\n"));
    edit(FILE, "defaults", FILE.replace("defaults\n", "defaults\n    backlog 64\n"));
    edit("listen a", "listen a", "listen a\n    backlog 64");
  }

  @Test
  void aBindLineGetsABacklog() {
    edit(FILE, "frontend web bind :80", FILE.replace(":80 #", ":80 backlog 64 #"));
    edit(FILE, "frontend web bind *:443", FILE.replace("name backlog", "name backlog backlog 64"));
  }

  @Test
  void theBacklogThatIsThereIsReplaced() {
    edit(
        "defaults d\n\tbacklog 5 # five\r\nlisten a from d\r\n",
        "defaults d",
        "defaults d\n\tbacklog 64 # five\r\nlisten a from d\r\n");
    edit(
        "listen a\n  bind :1 backlog '5' v4v6\n",
        "listen a bind :1",
        "listen a\n  bind :1 backlog '64' v4v6\n");
  }

  @Test
  void whatHoldsNearerIsToBeNamed() {
    refused("frontend a\n bind :1 backlog 5\n", "frontend a", 2, "of its own");
    refused("defaults\nfrontend a\n backlog 5\n", "defaults", 3, "of its own");
    refused("defaults\nlisten a\n bind :1 backlog 5\n", "defaults", 3, "of its own");
  }

  @Test
  void oneSectionMustBeMeant() {
    refused("frontend a\nfrontend b\n", "frontend", 2, "more than one section");
    refused("frontend a\n", "frontend b", 0, "no such section");
    refused("frontend a\n bind :1\n bind *:1\n", "frontend a bind :1", 3, "more than one line");
    refused("frontend a\n bind :1\n", "frontend a bind :2", 0, "no such bind");
    refused("frontend a\n backlog 1\n backlog 2\n", "frontend a", 3, "more than once");
    refused("frontend a\n backlog\n", "frontend a", 2, "not one value");
    refused("backend a\n", "backend a", 0, "path");
    refused("defaults\n", "defaults bind :1", 0, "path");
  }

  @Test
  void conditionsTemplatesAndOpenQuotesAreRefused() {
    refused(".if defined(A)\nfrontend a\n.endif\n", "frontend a", 1, "condition");
    refused("frontend a\n{{ if .x }}\n bind :1\n{{ end }}\n", "frontend a", 2, "template");
    refused("frontend a\n bind ':1\n", "frontend a", 2, "quote");
    refused("frontend a\n backlog \"${N}\"\n", "frontend a", 2, "no number");
  }
}
