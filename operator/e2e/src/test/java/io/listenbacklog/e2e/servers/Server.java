package io.listenbacklog.e2e.servers;

import io.listenbacklog.e2e.TestCluster;
import io.listenbacklog.e2e.TestImage;
import java.util.List;

/**
 * A server in a pod of its own, beside a container with its clients.
 *
 * @param name of its pod and its container
 * @param title what people call it
 * @param image empty: that of the operator, for its Java
 * @param command what the container runs; configuration is in /conf
 * @param user that it runs as
 * @param port it listens on
 * @param backlog what it asks for
 * @param addresses as ss shows them: a socket each
 * @param process its command name
 * @param application what the catalogue calls it
 * @param protocol how client.py talks to it
 * @param version the command that prints its version
 */
record Server(
    String name,
    String title,
    String image,
    List<String> command,
    int user,
    int port,
    int backlog,
    List<String> addresses,
    String process,
    String application,
    String protocol,
    List<String> version) {

  /** All but Python and Java, from Debian's packages. */
  static final TestImage IMAGE =
      new TestImage(
          "localhost/listen-backlog-servers:1",
          List.of(
              "dash",
              "coreutils",
              "nginx-light",
              "redis-server",
              "haproxy",
              "memcached",
              "postgresql-15",
              "gunicorn",
              "nodejs",
              "php8.2-fpm",
              "prometheus-node-exporter"));

  private static final int ROOT = 0;
  private static final int NOBODY = 65534;
  private static final List<String> BOTH_FAMILIES = List.of("0.0.0.0", "[::]");
  private static final List<String> IPV4 = List.of("0.0.0.0");
  private static final List<String> DUAL_STACK = List.of("*");

  /** The servers of the table in docs/servers.md, in its order. */
  static final List<Server> ALL =
      List.of(
          new Server(
              "nginx",
              "nginx",
              IMAGE.name(),
              List.of("nginx", "-c", "/conf/nginx.conf"),
              NOBODY,
              8080,
              511,
              BOTH_FAMILIES,
              "nginx",
              "nginx",
              "http",
              List.of("nginx", "-v")),
          new Server(
              "redis",
              "Redis",
              IMAGE.name(),
              List.of("redis-server", "--save", "", "--protected-mode", "no"),
              ROOT,
              6379,
              511,
              BOTH_FAMILIES,
              "redis-server",
              "redis",
              "redis",
              List.of("redis-server", "--version")),
          new Server(
              "haproxy",
              "HAProxy, maxconn 2000",
              IMAGE.name(),
              List.of("haproxy", "-W", "-db", "-f", "/conf/haproxy.cfg"),
              ROOT,
              8080,
              2000,
              IPV4,
              "haproxy",
              "haproxy",
              "http",
              List.of("haproxy", "-v")),
          new Server(
              "memcached",
              "memcached",
              IMAGE.name(),
              List.of("memcached", "-u", "root"),
              ROOT,
              11211,
              1024,
              BOTH_FAMILIES,
              "memcached",
              "memcached",
              "memcached",
              List.of("memcached", "--version")),
          new Server(
              "postgresql",
              "PostgreSQL, max_connections 100",
              IMAGE.name(),
              List.of(
                  "sh",
                  "-c",
                  "cd /usr/lib/postgresql/15/bin && ./initdb -D /tmp/data -U postgres -A trust -N"
                      + " && exec ./postgres -D /tmp/data -c 'listen_addresses=*' -c"
                      + " unix_socket_directories=/tmp"),
              NOBODY,
              5432,
              244,
              BOTH_FAMILIES,
              "postgres",
              "postgresql",
              "postgres",
              List.of("/usr/lib/postgresql/15/bin/postgres", "--version")),
          new Server(
              "gunicorn",
              "gunicorn, 2 workers",
              IMAGE.name(),
              List.of("gunicorn", "--chdir", "/conf", "-b", "0.0.0.0:8080", "-w", "2", "app:app"),
              ROOT,
              8080,
              2048,
              IPV4,
              "gunicorn",
              "gunicorn",
              "http",
              List.of("gunicorn", "--version")),
          new Server(
              "node",
              "Node",
              IMAGE.name(),
              List.of("node", "/conf/server.js"),
              ROOT,
              8080,
              511,
              DUAL_STACK,
              "node",
              "node",
              "http",
              List.of("node", "--version")),
          new Server(
              "jdk",
              "JDK, com.sun.net.httpserver",
              "",
              List.of(
                  "/opt/java/bin/java",
                  "-m",
                  "jdk.httpserver",
                  "-b",
                  "0.0.0.0",
                  "-p",
                  "8080",
                  "-d",
                  "/conf"),
              NOBODY,
              8080,
              50,
              DUAL_STACK,
              "java",
              "java",
              "http",
              List.of("/opt/java/bin/java", "--version")),
          new Server(
              "go",
              "Go, net/http (Prometheus node exporter)",
              IMAGE.name(),
              List.of(
                  "prometheus-node-exporter", "--collector.disable-defaults", "--collector.uname"),
              NOBODY,
              9100,
              4096,
              DUAL_STACK,
              "prometheus-node",
              "go-program",
              "http",
              List.of("prometheus-node-exporter", "--version")),
          new Server(
              "php-fpm",
              "PHP-FPM",
              IMAGE.name(),
              List.of("php-fpm8.2", "-F", "-R", "-n", "-y", "/conf/php-fpm.conf"),
              ROOT,
              9000,
              4096,
              IPV4,
              "php-fpm8.2",
              "php-fpm",
              "fastcgi",
              List.of("php-fpm8.2", "--version")),
          new Server(
              "python",
              "Python, http.server",
              TestCluster.PYTHON,
              List.of("python3", "-m", "http.server", "--directory", "/conf", "8080"),
              NOBODY,
              8080,
              5,
              IPV4,
              "python3",
              "python-socketserver",
              "http",
              List.of("python3", "--version")));
}
