package io.listenbacklog.e2e.appconfig;

import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestImage;
import io.listenbacklog.e2e.servers.Server;
import java.nio.file.Path;
import java.util.List;

/**
 * A real server in a Deployment, and how a policy has its configuration changed.
 *
 * @param name of the Deployment and of its policy
 * @param title what people call it
 * @param command what the container runs; configuration is in /conf, of the ConfigMap conf; what
 *     was built for the test in /built
 * @param port it listens on
 * @param before the backlog that it asks for unless told otherwise
 * @param rule the entry of appConfig, or several
 * @param obeys whether it does what it is told
 * @param user that its container runs as
 */
record ConfiguredServer(
    String name,
    String title,
    String image,
    List<String> command,
    int port,
    int before,
    String rule,
    boolean obeys,
    int user) {

  private static final int ROOT = 0;
  private static final int NOBODY = 65534;

  /** What {@link Server#IMAGE} lacks. */
  static final TestImage MORE =
      new TestImage(
          "localhost/listen-backlog-appconfig:1",
          List.of(
              "dash", "coreutils", "uwsgi-core", "uwsgi-plugin-python3", "mariadb-server-core"));

  static final List<ConfiguredServer> ALL =
      List.of(
          of(
              "python",
              "Python, http.server",
              TestCluster.PYTHON,
              5,
              "{preset: PythonSocketserver}",
              List.of("python3", "-m", "http.server", "8080")),
          new ConfiguredServer(
              "octavia-api",
              "OpenStack's octavia-api",
              Server.IMAGE.name(),
              List.of(
                  "sh",
                  "-c",
                  "export PYTHONWARNINGS=ignore; python3 -c 'import sqlalchemy; from octavia.db"
                      + " import base_models, models; base_models.BASE.metadata.create_all("
                      + "sqlalchemy.create_engine(\"sqlite:////tmp/octavia.sqlite\"))';"
                      + " exec octavia-api --config-file /conf/octavia.conf"),
              9876,
              5,
              "{preset: PythonSocketserver, container: main}",
              true,
              ROOT),
          of(
              "gunicorn",
              "gunicorn",
              2048,
              "{preset: Gunicorn}",
              List.of("gunicorn", "--chdir", "/conf", "-b", "0.0.0.0:8080", "app:app")),
          new ConfiguredServer(
              "gunicorn-aiohttp",
              "gunicorn, aiohttp's worker",
              Server.IMAGE.name(),
              List.of(
                  "gunicorn",
                  "--chdir",
                  "/conf",
                  "-k",
                  "aiohttp.GunicornWebWorker",
                  "-b",
                  "0.0.0.0:8080",
                  "aio:app"),
              8080,
              128,
              "{preset: Gunicorn}",
              false,
              ROOT),
          of(
              "uvicorn",
              "uvicorn",
              2048,
              "{preset: Uvicorn}",
              List.of(
                  "uvicorn",
                  "--app-dir",
                  "/conf",
                  "--host",
                  "0.0.0.0",
                  "--port",
                  "8080",
                  "app:asgi")),
          of(
              "hypercorn",
              "hypercorn",
              100,
              "{preset: Hypercorn}",
              List.of("hypercorn", "-b", "0.0.0.0:8080", "app:asgi")),
          of(
                  "nginx",
                  "nginx",
                  511,
                  "{configMap: {name: conf, key: nginx.conf, format: Nginx, path: \"listen 8080\"}},"
                      + " {configMap: {name: conf, key: nginx.conf, format: Nginx, path: \"listen 127.0.0.1:8081\"}}",
                  List.of("nginx", "-c", "/conf/nginx.conf"))
              .as(NOBODY), // as root it wants a group of its own, which the image lacks
          of(
              "apache",
              "Apache httpd",
              511,
              "{configMap: {name: conf, key: apache.conf, format: SpaceSeparated, path: ListenBackLog}}",
              List.of("apache2", "-D", "FOREGROUND", "-f", "/conf/apache.conf")),
          of(
              "lighttpd",
              "lighttpd",
              1024,
              "{configMap: {name: conf, key: lighttpd.conf, format: Properties, path: server.listen-backlog}}",
              List.of("lighttpd", "-D", "-f", "/conf/lighttpd.conf")),
          of(
              "haproxy",
              "HAProxy",
              2000,
              "{configMap: {name: conf, key: haproxy.cfg, format: Haproxy, path: \"frontend web\"}}",
              List.of("haproxy", "-W", "-db", "-f", "/conf/haproxy.cfg")),
          new ConfiguredServer(
              "php-fpm",
              "PHP-FPM",
              Server.IMAGE.name(),
              List.of("php-fpm8.2", "-F", "-R", "-n", "-y", "/conf/php-fpm.conf"),
              9000,
              128,
              "{configMap: {name: conf, key: php-fpm.conf, format: Ini, path: \"[www] listen.backlog\"}}",
              true,
              ROOT),
          new ConfiguredServer(
              "redis",
              "Redis",
              Server.IMAGE.name(),
              List.of("redis-server", "--save", "", "--protected-mode", "no"),
              6379,
              511,
              "{preset: Redis}",
              true,
              ROOT),
          new ConfiguredServer(
              "memcached",
              "memcached",
              Server.IMAGE.name(),
              List.of("memcached", "-u", "root"),
              11211,
              1024,
              "{preset: Memcached}",
              true,
              ROOT),
          new ConfiguredServer(
              "pgbouncer",
              "PgBouncer",
              Server.IMAGE.name(),
              List.of("pgbouncer", "-u", "nobody", "/conf/pgbouncer.ini"),
              6432,
              128,
              "{configMap: {name: conf, key: pgbouncer.ini, format: Ini, path: \"[pgbouncer] listen_backlog\"}}",
              true,
              ROOT),
          new ConfiguredServer(
              "bind",
              "BIND",
              Server.IMAGE.name(),
              List.of("named", "-f", "-c", "/conf/named.conf"),
              5353,
              10,
              "{configMap: {name: conf, key: named.conf, format: Nginx, path: \"options tcp-listen-queue\"}}",
              true,
              ROOT),
          new ConfiguredServer(
              "mariadb",
              "MariaDB",
              MORE.name(),
              List.of(
                  "sh",
                  "-c",
                  "mkdir -p /tmp/data/mysql;"
                      + " (echo 'use mysql;'; cd /usr/share/mysql;"
                      + " cat mysql_system_tables.sql mysql_system_tables_data.sql)"
                      + " | mariadbd --defaults-file=/conf/my.cnf --user=root --bootstrap;"
                      + " exec mariadbd --defaults-file=/conf/my.cnf --user=root"),
              3306,
              80,
              "{configMap: {name: conf, key: my.cnf, format: Ini, path: \"[mysqld] back_log\"}}",
              true,
              ROOT),
          of(
              "uwsgi",
              "uWSGI",
              MORE.name(),
              100,
              "{preset: Uwsgi}",
              List.of(
                  "uwsgi-core",
                  "--plugin",
                  "python311",
                  "--http-socket",
                  "0.0.0.0:8080",
                  "--wsgi-file",
                  "/conf/app.py",
                  "--callable",
                  "app")),
          of(
              "spring-boot",
              "Spring Boot with Tomcat",
              100,
              "{preset: SpringBootTomcat}",
              List.of(
                  "/usr/lib/jvm/java-17-openjdk-amd64/bin/java",
                  "-Xmx128m",
                  "-jar",
                  "/built/spring-boot-web-1.jar")),
          of(
              "node",
              "Node, where the program takes it from a variable",
              511,
              "{env: {name: BACKLOG, value: \"$(backlog)\"}}",
              List.of("node", "/conf/server.js")));

  private ConfiguredServer as(int otherUser) {
    return new ConfiguredServer(name, title, image, command, port, before, rule, obeys, otherUser);
  }

  private static ConfiguredServer of(
      String name, String title, int before, String rule, List<String> command) {
    return of(name, title, Server.IMAGE.name(), before, rule, command);
  }

  private static ConfiguredServer of(
      String name, String title, String image, int before, String rule, List<String> command) {
    return new ConfiguredServer(name, title, image, command, 8080, before, rule, true, ROOT);
  }

  /**
   * What creates it.
   *
   * @param built the folder, on the nodes too, of what was built for this test
   */
  String manifest(Path built) {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: %1$s}
    spec:
      replicas: 1
      selector: {matchLabels: {app: %1$s}}
      template:
        metadata: {labels: {app: %1$s}}
        spec:
          terminationGracePeriodSeconds: 0
          volumes: [{name: conf, configMap: {name: conf}}, {name: built, hostPath: {path: %6$s}}]
          containers:
          - name: main
            image: %2$s
            workingDir: /conf
            command: %3$s
            securityContext: {runAsUser: %5$d}
            readinessProbe: {tcpSocket: {port: %4$d}, periodSeconds: 1, failureThreshold: 100}
            volumeMounts: [{name: conf, mountPath: /conf}, {name: built, mountPath: /built, readOnly: true}]
    ---
    """
        .formatted(name, image, quoted(command), port, user, built);
  }

  /** The spec of its policy. */
  String policy(int minimum) {
    return """
    {mode: Enforce, minimum: %d, selector: {matchLabels: {app: %s}}, remedies: [Sysctl, Relisten, AppConfig],
     appConfig: [%s], rollout: {observeFor: 0s, minReplicas: 1}}
    """
        .formatted(minimum, name, rule);
  }

  private static String quoted(List<String> words) {
    return words.stream().map(word -> "'" + word.replace("'", "''") + "'").toList().toString();
  }
}
