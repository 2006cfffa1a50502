package io.listenbacklog.appconfig.preset;

import io.listenbacklog.appconfig.command.Combine;
import io.listenbacklog.appconfig.command.FlagForm;
import io.listenbacklog.appconfig.format.FileFormat;
import io.listenbacklog.appconfig.preset.Written.AsArgument;
import io.listenbacklog.appconfig.preset.Written.InEnvironment;
import io.listenbacklog.appconfig.preset.Written.InFile;
import io.listenbacklog.appconfig.preset.Written.InPython;
import io.listenbacklog.appconfig.preset.Written.Nowhere;
import java.util.List;
import java.util.Optional;

/** How a common server is told its backlog. */
public enum Preset {
  PYTHON_SOCKETSERVER(
      "PythonSocketserver",
      "python-socketserver",
      "Python 3.4",
      "https://docs.python.org/3/library/socketserver.html#socketserver.BaseServer.request_queue_size",
      "Not for a class that sets request_queue_size itself (Django's runserver), nor with python -S,"
          + " -I or -E.",
      new InPython()),
  GUNICORN(
      "Gunicorn",
      "gunicorn",
      "19.7",
      "https://docs.gunicorn.org/en/stable/settings.html#backlog",
      "Not with the aiohttp worker, which ignores it. An argument of the command counts more.",
      variable("GUNICORN_CMD_ARGS", "--backlog=$(backlog)", Combine.APPEND),
      new AsArgument("--backlog", FlagForm.EQUALS)),
  UVICORN(
      "Uvicorn",
      "uvicorn",
      "0.16",
      "https://www.uvicorn.org/settings/",
      "Where the command uvicorn runs it, not uvicorn.run(). An argument of the command counts more.",
      variable("UVICORN_BACKLOG", "$(backlog)", Combine.SET),
      new AsArgument("--backlog", FlagForm.EQUALS)),
  HYPERCORN(
      "Hypercorn",
      "hypercorn",
      "",
      "https://hypercorn.readthedocs.io/en/latest/how_to_guides/configuring.html",
      "",
      new AsArgument("--backlog", FlagForm.SEPARATE)),
  GRANIAN(
      "Granian",
      "granian",
      "",
      "https://github.com/emmett-framework/granian",
      "",
      variable("GRANIAN_BACKLOG", "$(backlog)", Combine.SET),
      new AsArgument("--backlog", FlagForm.SEPARATE)),
  UWSGI(
      "Uwsgi",
      "uwsgi",
      "",
      "https://uwsgi-docs.readthedocs.io/en/latest/Options.html#listen",
      "Refuses to start with more than net.core.somaxconn: the remedy Sysctl raises that first;"
          + " without it, ask for no more.",
      variable("UWSGI_LISTEN", "$(backlog)", Combine.SET),
      new AsArgument("--listen", FlagForm.SEPARATE),
      new InFile(FileFormat.INI, "[uwsgi] listen", "uwsgi.ini")),
  NGINX(
      "Nginx",
      "nginx",
      "",
      "https://nginx.org/en/docs/http/ngx_http_core_module.html#listen",
      "Would take effect on a reload as well. Where it listens on several addresses, name one in the"
          + " path.",
      new InFile(FileFormat.NGINX, "listen", "default.conf")),
  APACHE(
      "Apache",
      "apache",
      "",
      "https://httpd.apache.org/docs/2.4/mod/mpm_common.html#listenbacklog",
      "",
      new InFile(FileFormat.SPACE_SEPARATED, "ListenBackLog", "httpd.conf")),
  HAPROXY(
      "Haproxy",
      "haproxy",
      "",
      "https://docs.haproxy.org/3.0/configuration.html#4-backlog",
      "Not on a reload, which keeps the old listener.",
      new InFile(FileFormat.HAPROXY, "defaults", "haproxy.cfg")),
  PHP_FPM(
      "PhpFpm",
      "php-fpm",
      "",
      "https://www.php.net/manual/en/install.fpm.configuration.php#listen-backlog",
      "Not on a reload, which keeps the old listener.",
      new InFile(FileFormat.INI, "[www] listen.backlog", "www.conf")),
  REDIS(
      "Redis",
      "redis",
      "2.8.5",
      "https://raw.githubusercontent.com/redis/redis/7.0/redis.conf",
      "Read at start only.",
      new AsArgument("--tcp-backlog", FlagForm.SEPARATE),
      new InFile(FileFormat.SPACE_SEPARATED, "tcp-backlog", "redis.conf")),
  VALKEY(
      "Valkey",
      "redis",
      "",
      "https://raw.githubusercontent.com/valkey-io/valkey/unstable/valkey.conf",
      "Read at start only.",
      new AsArgument("--tcp-backlog", FlagForm.SEPARATE),
      new InFile(FileFormat.SPACE_SEPARATED, "tcp-backlog", "valkey.conf")),
  MEMCACHED(
      "Memcached",
      "memcached",
      "",
      "https://github.com/memcached/memcached/blob/master/doc/memcached.1",
      "Sets it to 0 by itself while it has as many connections as it may.",
      new AsArgument("-b", FlagForm.SEPARATE)),
  VARNISH(
      "Varnish",
      "varnish",
      "",
      "https://varnish-cache.org/docs/trunk/reference/varnishd.html#listen-depth",
      "",
      new AsArgument("-p listen_depth", FlagForm.EQUALS)),
  MYSQL(
      "Mysql",
      "mysql",
      "",
      "https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_back_log",
      "",
      new AsArgument("--back-log", FlagForm.EQUALS),
      new InFile(FileFormat.INI, "[mysqld] back_log", "my.cnf")),
  MARIADB(
      "MariaDb",
      "mariadb",
      "",
      "https://mariadb.com/kb/en/server-system-variables/#back_log",
      "",
      new AsArgument("--back-log", FlagForm.EQUALS),
      new InFile(FileFormat.INI, "[mysqld] back_log", "my.cnf")),
  SPRING_BOOT_TOMCAT(
      "SpringBootTomcat",
      "spring-boot",
      "",
      "https://docs.spring.io/spring-boot/appendix/application-properties/index.html",
      "For Tomcat in Spring Boot: its Jetty, Undertow and Netty have no such setting.",
      variable("SERVER_TOMCAT_ACCEPTCOUNT", "$(backlog)", Combine.SET)),
  QUARKUS(
      "Quarkus",
      "quarkus",
      "",
      "https://quarkus.io/guides/all-config",
      "",
      variable("QUARKUS_HTTP_ACCEPT_BACKLOG", "$(backlog)", Combine.SET)),
  KAFKA(
      "Kafka",
      "kafka",
      "3.2",
      "https://kafka.apache.org/documentation/#brokerconfigs_socket.listen.backlog.size",
      "The variable is read by the images of Apache and Confluent; Bitnami's has KAFKA_CFG_ before"
          + " the name.",
      variable("KAFKA_SOCKET_LISTEN_BACKLOG_SIZE", "$(backlog)", Combine.SET),
      new InFile(FileFormat.PROPERTIES, "socket.listen.backlog.size", "server.properties")),
  ZOOKEEPER(
      "ZooKeeper",
      "zookeeper",
      "3.5.5",
      "https://zookeeper.apache.org/doc/current/zookeeperAdmin.html",
      "",
      new InFile(FileFormat.PROPERTIES, "clientPortListenBacklog", "zoo.cfg")),
  MONGODB(
      "MongoDb",
      "mongodb",
      "",
      "https://www.mongodb.com/docs/manual/reference/configuration-options/",
      "",
      new InFile(FileFormat.YAML, "net.listenBacklog", "mongod.conf")),
  PGBOUNCER(
      "Pgbouncer",
      "pgbouncer",
      "",
      "https://www.pgbouncer.org/config.html#listen_backlog",
      "Not on a reload.",
      new InFile(FileFormat.INI, "[pgbouncer] listen_backlog", "pgbouncer.ini")),
  LIGHTTPD(
      "Lighttpd",
      "lighttpd",
      "",
      "https://redmine.lighttpd.net/projects/lighttpd/wiki/Server_listen-backlogDetails",
      "",
      new InFile(FileFormat.PROPERTIES, "server.listen-backlog", "lighttpd.conf")),
  RABBITMQ(
      "RabbitMq",
      "rabbitmq",
      "3.7",
      "https://www.rabbitmq.com/docs/networking",
      "For AMQP: the management listener has Cowboy's 1024, and MQTT a setting of its own.",
      new InFile(FileFormat.PROPERTIES, "tcp_listen_options.backlog", "rabbitmq.conf")),
  BIND(
      "Bind",
      "bind",
      "",
      "https://bind9.readthedocs.io/en/stable/reference.html#namedconf-statement-tcp-listen-queue",
      "",
      new InFile(FileFormat.NGINX, "options tcp-listen-queue", "named.conf")),
  UNBOUND(
      "Unbound",
      "unbound",
      "",
      "https://github.com/NLnetLabs/unbound/blob/master/services/listen_dnsport.c",
      "",
      new Nowhere("It is fixed in its code: the remedy Relisten raises it.")),
  NODE(
      "Node",
      "node",
      "",
      "https://nodejs.org/api/net.html#serverlisten",
      "",
      new Nowhere(
          "It is an argument of listen(): where the application takes it from a variable, name that"
              + " one (env).")),
  GO(
      "Go",
      "go-program",
      "",
      "https://github.com/golang/go/blob/master/src/net/sock_linux.go",
      "",
      new Nowhere(
          "It takes what net.core.somaxconn is at its first listen(): sysctls.somaxconn of the policy"
              + " sets that.")),
  NETTY(
      "Netty",
      "java-netty",
      "",
      "https://netty.io/4.1/api/io/netty/util/NetUtil.html",
      "",
      new Nowhere(
          "It takes what net.core.somaxconn is, unless its code says otherwise: sysctls.somaxconn of"
              + " the policy sets that.")),
  ENVOY(
      "Envoy",
      "envoy",
      "",
      "https://github.com/envoyproxy/envoy/issues/45478",
      "",
      new Nowhere(
          "It takes what net.core.somaxconn is, unless tcp_backlog_size of a listener says otherwise:"
              + " sysctls.somaxconn of the policy sets that.")),
  POSTGRESQL(
      "PostgreSql",
      "postgresql",
      "",
      "https://www.postgresql.org/docs/current/runtime-config-connection.html",
      "",
      new Nowhere("It follows max_connections: raise that, or let the remedy Relisten raise it."));

  private final String spelling;
  private final String application;
  private final String since;
  private final String source;
  private final String remark;

  @SuppressWarnings("ImmutableEnumChecker") // List.of() and records
  private final List<Written> ways;

  Preset(
      String spelling,
      String application,
      String since,
      String source,
      String remark,
      Written... ways) {
    this.spelling = spelling;
    this.application = application;
    this.since = since;
    this.source = source;
    this.remark = remark;
    this.ways = List.of(ways);
  }

  private static InEnvironment variable(String name, String value, Combine combine) {
    return new InEnvironment(name, value, combine);
  }

  /** How the API spells it. */
  public String spelling() {
    return spelling;
  }

  /** Its key in the catalogue of applications. */
  public String application() {
    return application;
  }

  /** The version since which that is so; empty where no version without it is in use. */
  public String since() {
    return since;
  }

  /** Where that is known from. */
  public String source() {
    return source;
  }

  /** Sentences for people on when it does not hold or when it takes effect; may be empty. */
  public String remark() {
    return remark;
  }

  /** How it is told, the usual way first; at least one. */
  public List<Written> ways() {
    return ways;
  }

  /** The one that the API spells so. */
  public static Optional<Preset> of(String spelling) {
    for (Preset preset : values()) {
      if (preset.spelling.equals(spelling)) return Optional.of(preset);
    }
    return Optional.empty();
  }
}
