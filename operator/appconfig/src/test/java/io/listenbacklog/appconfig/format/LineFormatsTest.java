package io.listenbacklog.appconfig.format;

import static io.listenbacklog.appconfig.format.Edits.assertEdit;
import static io.listenbacklog.appconfig.format.Edits.assertRefused;
import static io.listenbacklog.appconfig.format.FileFormat.INI;
import static io.listenbacklog.appconfig.format.FileFormat.PROPERTIES;
import static io.listenbacklog.appconfig.format.FileFormat.SPACE_SEPARATED;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LineFormatsTest {

  @Nested
  class SpaceSeparated {

    @Test
    void theValueIsReplaced() {
      assertEdit(
          SPACE_SEPARATED,
          "# tcp-backlog 1\r\n  tcp-backlog\t511\r\nport 6379\r\n",
          "tcp-backlog",
          "# tcp-backlog 1\r\n  tcp-backlog\t64\r\nport 6379\r\n");
      assertEdit(SPACE_SEPARATED, "TCP-Backlog \"5\"", "tcp-backlog", "TCP-Backlog \"64\"");
      assertEdit(SPACE_SEPARATED, "-B ascii\n-b 5\n", "-b", "-B ascii\n-b 64\n");
    }

    @Test
    void whatIsNotThereComesLast() {
      assertEdit(SPACE_SEPARATED, "port 1", "tcp-backlog", "port 1\ntcp-backlog 64");
      assertEdit(SPACE_SEPARATED, "port 1\r\n", "tcp-backlog", "port 1\r\ntcp-backlog 64\r\n");
      assertEdit(SPACE_SEPARATED, "", "-b", "-b 64\n");
      assertEdit(
          SPACE_SEPARATED,
          "<IfModule a>\nInclude b\n</IfModule>\n",
          "ListenBackLog",
          "<IfModule a>\nInclude b\n</IfModule>\nListenBackLog 64\n");
    }

    @Test
    void whatIsNotClearIsRefused() {
      assertRefused(SPACE_SEPARATED, "a 1\na 2\n", "a", 2, "more than once");
      assertRefused(
          SPACE_SEPARATED, "b 1\ninclude c\n", "a", 2, "perhaps in what this line includes");
      assertRefused(SPACE_SEPARATED, "a 1 # one\n", "a", 1, "not one value");
      assertRefused(SPACE_SEPARATED, "a \\\n1\n", "a", 1, "not one value");
      assertRefused(SPACE_SEPARATED, "# b \\\na 1\n", "a", 2, "not one value");
      assertRefused(SPACE_SEPARATED, "b 1 \\\n", "a", 1, "no end");
      assertRefused(SPACE_SEPARATED, "<IfModule a>\n", "a", 0, "no end");
      assertRefused(SPACE_SEPARATED, "a 1\n{{ .more }}\n", "a", 2, "template");
      assertRefused(SPACE_SEPARATED, "a {{ .n }}\n", "a", 1, "not one value");
      assertRefused(SPACE_SEPARATED, "a {{.n}}\n", "a", 1, "no number");
      assertRefused(SPACE_SEPARATED, "a 1\n", "a b", 0, "one word");
    }
  }

  @Nested
  class Properties {

    @Test
    void theValueIsReplaced() {
      assertEdit(PROPERTIES, "a.b=1\nc=2\n", "a.b", "a.b=64\nc=2\n");
      assertEdit(PROPERTIES, "\uFEFFa.b : 1  \r\nc=2", "a.b", "\uFEFFa.b : 64  \r\nc=2");
      assertEdit(PROPERTIES, "a\\u002eb 1\n", "a.b", "a\\u002eb 64\n");
      assertEdit(PROPERTIES, "#a=2\n!a=3\nx=\\\n  a=4\na=1", "a", "#a=2\n!a=3\nx=\\\n  a=4\na=64");
      assertEdit(
          PROPERTIES,
          "tcp_listen_options.backlog = 128 # so many\n",
          "tcp_listen_options.backlog",
          "tcp_listen_options.backlog = 64 # so many\n");
    }

    @Test
    void whatIsNotThereComesLastAsTheOthersAreWritten() {
      assertEdit(PROPERTIES, "b = 1\n", "a", "b = 1\na = 64\n");
      assertEdit(PROPERTIES, "b=1", "a", "b=1\na=64");
      assertEdit(PROPERTIES, "# none\n", "a", "# none\na=64\n");
    }

    @Test
    void whatIsNotClearIsRefused() {
      assertRefused(PROPERTIES, "a=1\na=1\n", "a", 2, "more than once");
      assertRefused(PROPERTIES, "a=\\\n1\n", "a", 1, "several lines");
      assertRefused(
          PROPERTIES,
          "\nserver.tomcat.acceptCount=1\n",
          "server.tomcat.accept-count",
          2,
          "may be the same");
      assertRefused(PROPERTIES, "b=1\n#---\nc=1\n", "a", 2, "several documents");
      assertRefused(
          PROPERTIES, "include \"conf.d/*.conf\"\n", "a", 1, "perhaps in what this line includes");
      assertRefused(PROPERTIES, "a=${N:5}\n", "a", 1, "no number");
      assertRefused(PROPERTIES, "b=\\", "a", 1, "no end");
      assertRefused(PROPERTIES, "a=1", "a b", 0, "path");
      assertRefused(PROPERTIES, "\\u12=1", "a", 1, "malformed");
    }
  }

  @Nested
  class Ini {

    @Test
    void theValueIsReplaced() {
      assertEdit(
          INI,
          "[a]\nlisten_backlog=1\n[pgbouncer]\r\n;listen_backlog = 2\r\nlisten_backlog = 128 ; so many\r\n",
          "[pgbouncer] listen_backlog",
          "[a]\nlisten_backlog=1\n[pgbouncer]\r\n;listen_backlog = 2\r\nlisten_backlog = 64 ; so many\r\n");
      assertEdit(INI, "[www]\nlisten.backlog = -1", "listen.backlog", "[www]\nlisten.backlog = 64");
      assertEdit(INI, "[m]\n\tback_log\t=\t'5'\n", "[m] back_log", "[m]\n\tback_log\t=\t'64'\n");
    }

    @Test
    void whatIsNotThereComesFirstInItsSectionAsTheOthersAreWritten() {
      assertEdit(INI, "[a]\n[b]\nx=1\n", "[b] n", "[a]\n[b]\nn=64\nx=1\n");
      assertEdit(INI, "[a]\r\n  x = 1\r\n", "n", "[a]\r\n  n = 64\r\n  x = 1\r\n");
      assertEdit(INI, "[a]", "[a] n", "[a]\nn = 64");
    }

    @Test
    void whatIsNotClearIsRefused() {
      assertRefused(INI, "[a]\nn=1\n[b]\nn=2\n", "n", 4, "more than once");
      assertRefused(INI, "[a]\nn=1\n[a]\nn=2\n", "[a] n", 4, "more than once");
      assertRefused(INI, "[a]\n[b]\n", "n", 2, "more than one section");
      assertRefused(INI, "[a]\nx=1\n", "[b] n", 0, "no such section");
      assertRefused(INI, "[a]\nx=1\n!includedir /etc/my.cnf.d\n", "[a] n", 3, "perhaps");
      assertRefused(INI, "[a]\ninclude = /etc/*.conf\n", "[www] n", 2, "perhaps");
      assertRefused(INI, "[a]\n%include b.ini\n", "[a] n", 2, "perhaps");
      assertRefused(INI, "[mysqld]\nback-log=5\n", "[mysqld] back_log", 2, "may be the same");
      assertRefused(INI, "[a]\nx = 1\n  n = 2\n", "[a] n", 3, "the rest of the one before");
      assertRefused(INI, "[a]\nn\n", "[a] n", 2, "no value");
      assertRefused(INI, "[a]\nn = %(m)s\n", "[a] n", 2, "no number");
      assertRefused(INI, "[a]\n{% if x %}\nn = 1\n", "[a] n", 2, "template");
      assertRefused(INI, "[a]\nn=1\n", "[a n", 0, "path");
    }
  }
}
