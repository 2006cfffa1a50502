package io.listenbacklog.e2e.servers;

import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestImage;
import java.util.List;

/**
 * A server in a pod of its own, beside a container with its clients.
 *
 * @param name of its pod and its container
 * @param title what people call it
 * @param image that its container runs
 * @param command what the container runs; configuration is in /conf
 * @param user that it runs as
 * @param port it listens on
 * @param backlog what it asks for
 * @param addresses as ss shows them: a socket each
 * @param process its command name
 * @param application what the catalogue calls it
 * @param protocol how client.py talks to it
 * @param version the command that prints its version
 * @param beside its other listeners, which are there as soon as it answers
 */
public record Server(
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
    List<String> version,
    List<Beside> beside) {

  /**
   * Another listener of the same pod: for metrics, debugging, administration.
   *
   * @param what people call it
   * @param port {@link #ANY_PORT}: one that the kernel chose
   */
  public record Beside(
      String what,
      int port,
      int backlog,
      List<String> addresses,
      String process,
      String application) {}

  /** A port that the kernel chose. */
  static final int ANY_PORT = 0;

  /** One without other listeners. */
  Server(
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
    this(
        name,
        title,
        image,
        command,
        user,
        port,
        backlog,
        addresses,
        process,
        application,
        protocol,
        version,
        List.of());
  }

  /** From the image of servers, started by a shell in /conf. */
  private static Server of(
      String name,
      String title,
      String command,
      int user,
      int port,
      int backlog,
      List<String> addresses,
      String process,
      String application,
      String protocol,
      String version,
      Beside... beside) {
    return new Server(
        name,
        title,
        IMAGE.name(),
        List.of("sh", "-c", "cd /conf; " + command),
        user,
        port,
        backlog,
        addresses,
        process,
        application,
        protocol,
        List.of("sh", "-c", version),
        List.of(beside));
  }

  private static Server python(
      String name,
      String title,
      int backlog,
      List<String> addresses,
      String application,
      String protocol,
      String module) {
    return of(
        name,
        title,
        "exec python3 pythons.py " + name.substring("python-".length()).replace("-", "_"),
        NOBODY,
        8080,
        backlog,
        addresses,
        "python3",
        application,
        protocol,
        "python3 -c 'import importlib.metadata as m; print(m.version(\"%s\"))'".formatted(module));
  }

  /** All but Python and Java, from Debian's packages. */
  public static final TestImage IMAGE =
      new TestImage(
          "localhost/listen-backlog-servers:2",
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
              "prometheus-node-exporter",
              "apache2-bin",
              "lighttpd",
              "bind9",
              "socat",
              "rsync",
              "pgbouncer",
              "dnsmasq-base",
              "unbound",
              "mosquitto",
              "vsftpd",
              "tinyproxy",
              "dropbear-bin",
              "openssh-server",
              "uvicorn",
              "python3-hypercorn",
              "python3-waitress",
              "python3-aiohttp",
              "python3-cherrypy3",
              "python3-grpcio",
              "python3-prometheus-client",
              "python3-tornado",
              "python3-zmq",
              "python3-octavia",
              "puma",
              "starman",
              "libserver-starter-perl",
              "php8.2-cli",
              "tomcat10",
              "openjdk-17-jre-headless"));

  /** Starts Tomcat on the configuration in /tmp/t, with JMX and a debugger. */
  static final String TOMCAT =
      " exec /usr/lib/jvm/java-17-openjdk-*/bin/java -Xmx128m"
          + " -Dcom.sun.management.jmxremote.port=9999"
          + " -Dcom.sun.management.jmxremote.authenticate=false"
          + " -Dcom.sun.management.jmxremote.ssl=false"
          + " -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5005"
          + " -Dcatalina.home=/usr/share/tomcat10 -Dcatalina.base=/tmp/t"
          + " -Djava.io.tmpdir=/tmp -cp"
          + " /usr/share/tomcat10/bin/bootstrap.jar:/usr/share/tomcat10/bin/tomcat-juli.jar"
          + " org.apache.catalina.startup.Bootstrap start";

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
              "gunicorn: maste",
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
          of(
              "apache",
              "Apache httpd",
              "exec apache2 -D FOREGROUND -f /conf/apache.conf",
              NOBODY,
              8080,
              511,
              IPV4,
              "apache2",
              "apache",
              "http",
              "apache2 -v"),
          of(
              "lighttpd",
              "lighttpd",
              "exec lighttpd -D -f lighttpd.conf",
              NOBODY,
              8080,
              1024,
              IPV4,
              "lighttpd",
              "lighttpd",
              "http",
              "lighttpd -v"),
          of(
              "tinyproxy",
              "Tinyproxy",
              "exec tinyproxy -d -c tinyproxy.conf",
              NOBODY,
              8888,
              1024,
              IPV4,
              "tinyproxy",
              "tinyproxy",
              "anyhttp",
              "tinyproxy -v"),
          of(
              "tomcat",
              "Tomcat, with JMX and a debugger",
              "mkdir -p /tmp/t/conf /tmp/t/webapps; cp tomcat.xml /tmp/t/conf/server.xml;" + TOMCAT,
              NOBODY,
              8080,
              100,
              DUAL_STACK,
              "java",
              "tomcat",
              "anyhttp",
              "/usr/lib/jvm/java-17-openjdk-*/bin/java -cp"
                  + " '/usr/share/tomcat10/lib/*:/usr/share/tomcat10/bin/tomcat-juli.jar' org.apache.catalina.util.ServerInfo",
              new Beside(
                  "shutdown port", 8005, 1, List.of("[::ffff:127.0.0.1]"), "java", "java-single"),
              new Beside("debugger (JDWP)", 5005, 1, DUAL_STACK, "java", "java-single"),
              new Beside("JMX", 9999, 50, DUAL_STACK, "java", "java-jmx"),
              new Beside("JMX's RMI", ANY_PORT, 50, List.of("*", "*"), "java", "java-rmi")),
          of(
              "gunicorn-metrics",
              "gunicorn, with Prometheus's metrics",
              "exec gunicorn -c metrics.py app:app",
              NOBODY,
              8080,
              2048,
              IPV4,
              "gunicorn: maste",
              "gunicorn",
              "http",
              "gunicorn --version",
              new Beside("metrics", 9102, 5, IPV4, "gunicorn: maste", "python-5")),
          of(
              "uvicorn",
              "uvicorn",
              "exec uvicorn --host 0.0.0.0 --port 8080 app:asgi",
              NOBODY,
              8080,
              2048,
              IPV4,
              "uvicorn",
              "uvicorn",
              "http",
              "uvicorn --version"),
          of(
              "hypercorn",
              "hypercorn",
              "exec hypercorn -b 0.0.0.0:8080 app:asgi",
              NOBODY,
              8080,
              100,
              IPV4,
              "hypercorn",
              "hypercorn",
              "http",
              "python3 -c 'import importlib.metadata as m; print(m.version(\"hypercorn\"))'"),
          of(
              "waitress",
              "waitress",
              "exec waitress-serve --listen 0.0.0.0:8080 app:app",
              NOBODY,
              8080,
              1024,
              IPV4,
              "waitress-serve",
              "waitress",
              "http",
              "python3 -c 'import importlib.metadata as m; print(m.version(\"waitress\"))'"),
          python(
              "python-aiohttp",
              "aiohttp, run_app()",
              128,
              BOTH_FAMILIES,
              "python-listen",
              "http",
              "aiohttp"),
          python(
              "python-asyncio", "Python, asyncio", 100, IPV4, "python-asyncio", "http", "aiohttp"),
          python("python-cherrypy", "CherryPy", 5, IPV4, "python-5", "http", "CherryPy"),
          python("python-grpc", "gRPC in Python", 4096, DUAL_STACK, "grpc", "grpc", "grpcio"),
          python("python-tornado", "Tornado", 128, IPV4, "python-listen", "http", "tornado"),
          python(
              "python-in-program", "uvicorn.run()", 2048, IPV4, "uvicorn-run", "http", "uvicorn"),
          python("python-zeromq", "ZeroMQ in Python", 100, IPV4, "zeromq", "zeromq", "pyzmq"),
          octavia(),
          of(
              "puma",
              "Puma",
              "export HOME=/tmp; exec puma -b tcp://0.0.0.0:8080 config.ru",
              NOBODY,
              8080,
              1024,
              IPV4,
              "puma",
              "puma",
              "http",
              "puma --version"),
          of(
              "starman",
              "Starman",
              "exec starman --workers 2 --listen 0.0.0.0:8080 app.psgi",
              NOBODY,
              8080,
              1024,
              IPV4,
              "starman master",
              "starman",
              "http",
              "starman --version"),
          of(
              "start-server",
              "Starman below start_server",
              "exec start_server --port 0.0.0.0:8080 -- starman --workers 1 app.psgi",
              NOBODY,
              8080,
              4096,
              IPV4,
              "start_server",
              "start-server",
              "http",
              "perl -MServer::Starter -e 'print $Server::Starter::VERSION'"),
          of(
              "php",
              "PHP's development server",
              "exec php8.2 -n -S 0.0.0.0:8080",
              NOBODY,
              8080,
              4096,
              IPV4,
              "php8.2",
              "php",
              "http",
              "php8.2 --version"),
          of(
              "bind",
              "BIND",
              "exec named -n 1 -g -c named.conf",
              NOBODY,
              5353,
              10,
              List.of("127.0.0.1"),
              "named",
              "bind",
              "dns",
              "named -v"),
          of(
              "unbound",
              "Unbound",
              "exec unbound -d -c unbound.conf",
              NOBODY,
              5353,
              256,
              IPV4,
              "unbound",
              "unbound",
              "dns",
              "unbound -V"),
          of(
              "dnsmasq",
              "dnsmasq",
              "exec dnsmasq -k -u root -p 5353 --pid-file= --no-resolv --no-hosts --address=/served/192.0.2.1",
              ROOT,
              5353,
              32,
              BOTH_FAMILIES,
              "dnsmasq",
              "dnsmasq",
              "dns",
              "dnsmasq --version"),
          of(
              "mosquitto",
              "Mosquitto",
              "exec mosquitto -c mosquitto.conf",
              NOBODY,
              1883,
              100,
              IPV4,
              "mosquitto",
              "mosquitto",
              "mqtt",
              "dpkg-query --version >/dev/null 2>&1; mosquitto -h"),
          of(
              "pgbouncer",
              "PgBouncer",
              "exec pgbouncer pgbouncer.ini",
              NOBODY,
              6432,
              128,
              IPV4,
              "pgbouncer",
              "pgbouncer",
              "ssl_of_postgres",
              "pgbouncer --version"),
          of(
              "vsftpd",
              "vsftpd",
              // As process 1 it would crash when its grandchildren exit.
              "mkdir -p /tmp/empty; vsftpd /conf/vsftpd.conf; exit",
              ROOT,
              2121,
              32,
              IPV4,
              "vsftpd",
              "vsftpd",
              "ftp",
              "vsftpd -v 0>&1"),
          of(
              "rsync",
              "rsync's daemon",
              "exec rsync --daemon --no-detach --port 8730 --config rsyncd.conf",
              NOBODY,
              8730,
              5,
              BOTH_FAMILIES,
              "rsync",
              "rsync",
              "rsync",
              "rsync --version"),
          of(
              "sshd",
              "OpenSSH",
              "ssh-keygen -q -t ed25519 -N '' -f /tmp/k; exec /usr/sbin/sshd -D -e -p 2222 -h /tmp/k"
                  + " -f /dev/null",
              NOBODY,
              2222,
              128,
              BOTH_FAMILIES,
              "sshd",
              "sshd",
              "ssh",
              "ssh -V"),
          of(
              "dropbear",
              "Dropbear",
              "mkdir -p /etc/dropbear; exec dropbear -F -E -R -p 2222",
              ROOT,
              2222,
              1000,
              BOTH_FAMILIES,
              "dropbear",
              "dropbear",
              "ssh",
              "dropbear -V"),
          of(
              "socat",
              "socat",
              "exec socat TCP-LISTEN:8080,fork,reuseaddr 'SYSTEM:read x; cat answer.txt'",
              NOBODY,
              8080,
              5,
              IPV4,
              "socat",
              "socat",
              "line",
              "socat -V"),
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

  /** OpenStack's own console script, which serves by wsgiref. */
  static Server octavia() {
    return of(
        "octavia-api",
        "OpenStack's octavia-api",
        "export PYTHONWARNINGS=ignore; python3 -c 'import sqlalchemy; from octavia.db import"
            + " base_models, models; base_models.BASE.metadata.create_all("
            + "sqlalchemy.create_engine(\"sqlite:////tmp/octavia.sqlite\"))';"
            + " exec octavia-api --config-file octavia.conf",
        NOBODY,
        9876,
        5,
        IPV4,
        "octavia-api",
        "python-5",
        "http",
        "python3 -c 'import importlib.metadata as m; print(m.version(\"octavia\"))'");
  }
}
