package io.listenbacklog.appconfig.format;

import static io.listenbacklog.appconfig.format.FileFormat.NGINX;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NginxFormatTest {

  private static void edit(String content, String path, String expected) {
    Edits.assertEdit(NGINX, content, path, expected);
  }

  private static void refused(String content, String path, int line, String reason) {
    Edits.assertRefused(NGINX, content, path, line, reason);
  }

  @Test
  void aListenDirectiveGetsABacklog() {
    edit(
        "server {\n    listen 8080;\n    root /srv;\n}\n",
        "listen 8080",
        "server {\n    listen 8080 backlog=64;\n    root /srv;\n}\n");
  }

  @Test
  void theBacklogThatIsThereIsReplacedWhereverItStands() {
    edit(
        "server { listen 8080 backlog=511 reuseport; }",
        "listen 8080",
        "server { listen 8080 backlog=64 reuseport; }");
    edit(
        "server { listen 8080 default_server \"backlog=5\"; }",
        "listen 8080",
        "server { listen 8080 default_server \"backlog=64\"; }");
  }

  @ParameterizedTest
  @CsvSource({
    "8080, *:8080",
    "*:8080, 8080",
    "0.0.0.0:8080, 8080",
    "[::]:80, [::]:80",
    "10.0.0.1, 10.0.0.1:80",
    "[::1], [::1]:80",
    "unix:/run/web.sock, unix:/run/web.sock",
    "localhost:81, localhost:81",
    "8000-8010, *:8000-8010",
    "${PORT}, ${PORT}"
  })
  void oneAddressHasSeveralSpellings(String written, String path) {
    edit(
        "server {\n  listen " + written + " ;\n}",
        "listen " + path,
        "server {\n  listen " + written + " backlog=64 ;\n}");
  }

  @Test
  void whereAnAddressIsListenedOnByManyServersItsOptionsStandInOneOfThem() {
    edit(
        "server { listen 80; }\nserver { listen *:80 so_keepalive=on; }\nserver { listen 80; }",
        "listen 80",
        "server { listen 80; }\nserver { listen *:80 so_keepalive=on backlog=64; }\n"
            + "server { listen 80; }");
    edit(
        "server { listen 80; }\nserver { listen 80 backlog=5; }",
        "listen 80",
        "server { listen 80; }\nserver { listen 80 backlog=64; }");
    edit(
        "server { listen 80 default_server; }\nserver { listen 80; }",
        "listen 80",
        "server { listen 80 default_server backlog=64; }\nserver { listen 80; }");
    refused(
        "server { listen 80 backlog=1; }\nserver { listen 80 backlog=2; }",
        "listen 80",
        2,
        "more than once");
    refused("server { listen 80 backlog=1 backlog=2; }", "listen 80", 1, "more than once");
    refused(
        "server { listen 80 rcvbuf=1k; }\nserver { listen 80 deferred; }",
        "listen 80",
        2,
        "more than one listen directive");
  }

  @Test
  void aSocketThatNginxSharesIsSetWhereItIs() {
    refused(
        "server { listen 10.0.0.1:80; }\nserver { listen 80; }",
        "listen 10.0.0.1:80",
        2,
        "one socket");
    edit(
        "server { listen 10.0.0.1:80; }\nserver { listen 80; }",
        "listen 80",
        "server { listen 10.0.0.1:80; }\nserver { listen 80 backlog=64; }");
    edit(
        "server { listen 10.0.0.1:80 bind; }\nserver { listen 80; }",
        "listen 10.0.0.1:80",
        "server { listen 10.0.0.1:80 bind backlog=64; }\nserver { listen 80; }");
  }

  @Test
  void datagramsHaveNoBacklog() {
    edit(
        "server { listen 443 quic reuseport; listen 443 ssl; }",
        "listen 443",
        "server { listen 443 quic reuseport; listen 443 ssl backlog=64; }");
    refused("stream { server { listen 53 udp; } }", "listen 53", 0, "by TCP");
  }

  @Test
  void theOnlyAddressNeedsNoName() {
    edit("server { listen 80; }", "listen", "server { listen 80 backlog=64; }");
    refused("server { listen 80;\n listen [::]:80; }", "listen", 2, "several addresses");
    refused("events {}", "listen", 0, "no listen");
  }

  @Test
  void whatOnlyLooksLikeTheDirectiveStaysAsItIs() {
    String before =
        """
        # listen 80 backlog=1;
        server { # listen 80;
          add_header X "listen 80; }"; set $a 'listen 80;';
          location /a { listen 80; }
          listen 80; # backlog=9
        }
        """;
    edit(before, "listen 80", before.replace("80; # b", "80 backlog=64; # b"));
  }

  @Test
  void luaIsSkippedWithItsBracesQuotesAndComments() {
    String lua =
        "content_by_lua_block {\n  local a = {b = '}'} -- }\n  --[[ } ]] c = [==[ } ]] ]==] d = \"\\\"}\"\n}";
    edit(
        "server { location / { " + lua + " }\n listen 80; }",
        "listen 80",
        "server { location / { " + lua + " }\n listen 80 backlog=64; }");
  }

  @Test
  void lineBreaksTabsAndAByteOrderMarkStay() {
    edit(
        "\uFEFFserver {\r\n\tlisten\t80\tdefault_server;\r\n}\r\n",
        "listen\t80",
        "\uFEFFserver {\r\n\tlisten\t80\tdefault_server backlog=64;\r\n}\r\n");
  }

  @Test
  void whatIsIncludedMayHoldIt() {
    refused(
        "http {\n  include mime.types;\n  include /etc/nginx/conf.d/*.conf;\n}",
        "listen 80",
        3,
        "perhaps in what this line includes");
    refused("http {\n  include mime.types;\n}", "listen 80", 0, "by TCP");
  }

  @Test
  void whatIsNoConfigurationIsRefused() {
    refused("server {\n{{ if .tls }}\n listen 80; }", "listen 80", 2, "template");
    refused("server {\n listen 80", "listen 80", 1, "no end");
    refused("server { listen 80; } }", "listen 80", 1, "does not begin");
    refused("server {\n add_header \"x;\n}", "listen 80", 2, "quote");
    refused("server { listen 80 backlog=${N}; }", "listen 80", 1, "no number");
    refused("server { listen 80; }", "server", 0, "path");
    refused("server { listen 80; }", "listen 80 reuseport", 0, "path");
    refused("server { listen 80; }", "listens", 0, "path");
  }

  @Test
  void bindsQueueIsSetInItsOptions() {
    edit(
        "options {\n\tdirectory \"/a\"; // it's\n\t/* tcp-listen-queue 3; */\n\ttcp-listen-queue 10;\n};\n",
        "options tcp-listen-queue",
        "options {\n\tdirectory \"/a\"; // it's\n\t/* tcp-listen-queue 3; */\n\ttcp-listen-queue 64;\n};\n");
    edit(
        "acl a { { any; }; };\noptions {\n\tlisten-on port 53 { any; };\n};\n",
        "options tcp-listen-queue",
        "acl a { { any; }; };\noptions {\n\ttcp-listen-queue 64;\n\tlisten-on port 53 { any; };\n};\n");
    edit("options{};", "options tcp-listen-queue", "options{ tcp-listen-queue 64;};");
    refused(
        "include \"/etc/bind/named.conf.options\";\n", "options tcp-listen-queue", 1, "perhaps");
  }

  @Test
  void depthIsBounded() {
    refused("a {".repeat(100_000), "listen 80", 1, "too deeply");
    assertThat(NGINX.read("server { listen 80 backlog=7; }", "listen 80")).isEqualTo("7");
  }
}
