package io.listenbacklog.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueTest {
  private static final int SOMAXCONN = 4096;

  private final Catalogue catalogue = Catalogue.standard();

  @ParameterizedTest(name = "{0} {1} with {2} is {3}")
  @CsvSource({
    "/usr/bin/python3.11, python3 -m http.server, 5, python-socketserver",
    "/usr/local/bin/python3.13, python3 /srv/octavia-api.py, 5, python-5",
    "/usr/bin/python3.11, python3 app.py, 128, python-listen",
    "/usr/bin/python3.11, python3 app.py, 100, python-asyncio",
    "/usr/bin/python3.11, python3 app.py, 64, python",
    "/usr/bin/python3.11, python3 main.py, 2048, uvicorn-run",
    "/usr/bin/python3.11, python3 app.py, 4096, python",
    "/usr/bin/python3.11, /usr/bin/python3 /usr/local/bin/gunicorn app:app, 2048, gunicorn",
    "/usr/bin/python3.11, gunicorn: master [app:app], 5, python-5",
    "/usr/bin/python3.11, gunicorn -k uvicorn.workers.UvicornWorker app, 64, gunicorn",
    "/usr/bin/python3.11, python3 -m uvicorn app:app, 2048, uvicorn",
    "/usr/local/bin/python3.12, python /usr/local/bin/hypercorn app:app, 100, hypercorn",
    "/usr/bin/uwsgi-core, /usr/bin/uwsgi --ini a.ini, 100, uwsgi",
    "/usr/bin/python3.11, /usr/bin/python3 /usr/bin/flask --app a run --port 1, 128, flask",
    "/usr/bin/python3.11, python manage.py runserver 0.0.0.0:8000, 10, django-runserver",
    "/usr/bin/python3.11, python -m django runserver, 10, django-runserver",
    "/usr/bin/python3.11, python manage.py qcluster, 10, python",
    "/usr/bin/python3.11, /usr/bin/python3 /usr/bin/twistd -n web, 50, twisted",
    "/usr/bin/node, node server.js, 511, node",
    "/usr/local/bin/bun, bun run index.ts, 512, bun",
    "/usr/bin/deno, deno run -A main.ts, 128, deno",
    "/usr/bin/deno, deno run -A main.ts, 511, deno",
    "/usr/sbin/nginx, nginx: master process nginx, 511, nginx",
    "/usr/local/openresty/nginx/sbin/nginx, nginx: master process openresty, 511, nginx",
    "/usr/sbin/apache2, /usr/sbin/apache2 -k start, 511, apache",
    "/usr/local/apache2/bin/httpd, httpd -DFOREGROUND, 511, apache",
    "/usr/local/sbin/haproxy, haproxy -W -db -f /etc/haproxy.cfg, 4096, haproxy",
    "/usr/local/bin/envoy, envoy -c /etc/envoy.yaml, 4096, envoy",
    "/usr/bin/minio, minio server /data, 4096, go",
    "/usr/bin/redis-server (deleted), redis-server *:6379, 511, redis",
    "/usr/bin/redis-check-rdb, redis-server *:6379, 511, redis",
    "/usr/bin/valkey-server, valkey-server, 511, redis",
    "/usr/bin/memcached, memcached -m 64, 1024, memcached",
    "/opt/java/bin/java, java -jar app.jar, 50, java",
    "/opt/java/bin/java, java -jar app.jar, 4096, java-netty",
    "/opt/java/bin/java, java -jar app.jar, 300, java-other",
    "/opt/java/bin/java, java -jar app.jar, 100, java-100",
    "/opt/java/bin/java, java -jar app.jar, 1000, undertow",
    "/opt/java/bin/java, java org.springframework.boot.loader.launch.JarLauncher, 100, spring-boot",
    "/opt/java/bin/java, java org.apache.catalina.startup.Bootstrap start, 100, tomcat",
    "/opt/java/bin/java, java -jar /usr/local/jetty/start.jar, 50, jetty",
    "/opt/java/bin/java, java -jar quarkus-run.jar, 4096, quarkus",
    "/opt/java/bin/java, java io.vertx.core.Launcher run a.Verticle, 4096, vertx",
    "/opt/java/bin/java, java -Xmx1g kafka.Kafka server.properties, 50, kafka",
    "/usr/share/dotnet/dotnet, dotnet app.dll, 100, dotnet",
    "/usr/bin/ruby3.1, puma 6.4.0 (tcp://0.0.0.0:3000), 1024, puma",
    "/usr/bin/ruby3.1, unicorn_rails master -c u.rb, 1024, unicorn",
    "/usr/bin/ruby3.1, thin server (0.0.0.0:3000), 100, thin",
    "/usr/sbin/php-fpm8.2, php-fpm: master process, 4096, php-fpm",
    "/usr/lib/erlang/bin/beam.smp, beam.smp -W w -- rabbit, 128, rabbitmq",
    "/usr/lib/erlang/bin/beam.smp, beam.smp -- -root /app, 1024, ranch",
    "/usr/lib/erlang/bin/beam.smp, beam.smp -- -root /app, 5, erlang",
    "/usr/lib/postgresql/15/bin/postgres, postgres -D /data, 244, postgresql",
    "/usr/sbin/mysqld, mysqld, 151, mysql",
    "/usr/sbin/mariadbd, mariadbd, 80, mariadb",
    "/usr/bin/mongod, mongod --bind_ip_all, 4096, mongodb",
    "/usr/sbin/dovecot, dovecot -F, 100, dovecot",
    "/usr/lib/postfix/sbin/master, /usr/lib/postfix/sbin/master -w, 100, postfix",
    "/usr/sbin/sshd, sshd: /usr/sbin/sshd -D, 128, sshd",
    "/usr/bin/coredns, /coredns -conf /etc/coredns/Corefile, 4096, go",
    "'', /usr/sbin/nginx -g daemon, 511, nginx",
  })
  void aKnownApplicationIsRecognised(
      String executable, String commandLine, int backlog, String key) {
    assertThat(recognised(program(executable, commandLine), backlog)).contains(key);
  }

  /** Command line, number and port as measured (Debian 12, PyPI 2026-11), or as the source says. */
  @ParameterizedTest(name = "{1} with {2} on {3} is {4}")
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
# second listeners of a process
java   | java -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5005 org.apache.catalina.startup.Bootstrap start | 1 | 5005 | java-single
java   | java org.apache.catalina.startup.Bootstrap start | 1     | 8005  | java-single
java   | java org.apache.catalina.startup.Bootstrap start | 100   | 8080  | tomcat
java   | java org.apache.catalina.startup.Bootstrap start | 300   | 9000  | tomcat
java   | java -Dcom.sun.management.jmxremote.port=9999 org.apache.catalina.startup.Bootstrap start | 50 | 9999  | java-jmx
java   | java -Dcom.sun.management.jmxremote.port=9999 org.apache.catalina.startup.Bootstrap start | 50 | 41235 | java-rmi
java   | java -Dcom.sun.management.jmxremote.port=9999 kafka.Kafka server.properties | 50 | 9092 | kafka
java   | java -Dcom.sun.management.jmxremote.port=9999 kafka.Kafka server.properties | 50 | 9999 | java-jmx
java   | java -Dcom.sun.management.jmxremote.rmi.port=9998 kafka.Kafka server.properties | 50 | 9998 | java-jmx
java   | java -Dcassandra.jmx.local.port=7199 org.apache.cassandra.service.CassandraDaemon | 50 | 7199 | java-jmx
java   | java -javaagent:/opt/jmx_prometheus_javaagent.jar=9404:/c.yml kafka.Kafka server.properties | 3 | 9404 | java-prometheus
java   | java -javaagent:/opt/jolokia-jvm.jar=port=8778 kafka.Kafka server.properties | 10 | 8778 | jolokia
java   | java org.apache.zookeeper.server.quorum.QuorumPeerMain zoo.cfg | 50 | 2181 | zookeeper
java   | java org.apache.zookeeper.server.quorum.QuorumPeerMain zoo.cfg | 50 | 3888 | java
java   | java -Dzookeeper.sasl.client=false -jar app.jar | 50    | 8080  | java
java   | java -jar quarkus-run.jar                       | 4096  | 8080  | quarkus
java   | java -jar quarkus-run.jar                       | 50    | 7800  | java
python3.11 | gunicorn: master [app:app]                  | 2048  | 8000  | gunicorn
python3.11 | gunicorn: master [app:app]                  | 5     | 9102  | python-5
python3.11 | gunicorn: master [app:app]                  | 128   | 8000  | gunicorn-aiohttp
python3.11 | /usr/bin/python3 /usr/bin/gunicorn -k aiohttp.GunicornWebWorker --backlog 3000 app:app | 128 | 8000 | gunicorn-aiohttp
beam.smp | beam.smp -W w -- -s rabbit boot               | 128   | 5672  | rabbitmq
beam.smp | beam.smp -W w -- -s rabbit boot               | 1024  | 15672 | rabbitmq-management
beam.smp | beam.smp -W w -- -s rabbit boot               | 1024  | 15692 | rabbitmq-management
beam.smp | beam.smp -W w -- -s rabbit boot               | 128   | 25672 | rabbitmq-distribution
beam.smp | beam.smp -W w -- -s rabbit boot               | 128   | 1883  | rabbitmq-mqtt
mysqld   | mysqld                                        | 151   | 3306  | mysql
mysqld   | mysqld                                        | 70    | 33060 | mysql-x
varnishd | varnishd -F -a :6081                          | 1024  | 6081  | varnish
varnishd | varnishd -F -a :6081                          | 10    | 40129 | varnish-cli
vsftpd   | vsftpd /etc/vsftpd.conf                       | 32    | 21    | vsftpd
vsftpd   | vsftpd /etc/vsftpd.conf                       | 1     | 45133 | vsftpd-transfer
node     | node --inspect=0.0.0.0:9229 server.js         | 511   | 9229  | node-inspector
# numbers that several share
beam.smp | beam.smp -- -root /opt/emqx -progname emqx    | 1024  | 1883  | emqx
beam.smp | beam.smp -- -root /app -s my_app              | 1024  | 4000  | ranch
beam.smp | beam.smp -- -root /app -sname ejabberd@host   | 128   | 5222  | ejabberd
beam.smp | beam.smp -- -root /app                        | 128   | 41000 | erlang-128
beam.smp | beam.smp -- -root /app                        | 512   | 5984  | erlang-other
python3.11 | python3 -m sanic server:app                 | 100   | 8000  | sanic
python3.11 | python3 ftp.py                              | 100   | 2121  | python-asyncio
python3.11 | python3 web.py                              | 50    | 8000  | python-50
python3.11 | python3 web.py                              | 1024  | 8000  | python-1024
python3.11 | /usr/bin/python3 /usr/bin/daphne a:app      | 50    | 8000  | daphne
python3.11 | /usr/bin/python3 /usr/bin/waitress-serve a:b | 1024 | 8080  | waitress
python3.11 | /usr/bin/python3 /usr/bin/granian a:app     | 1024  | 8000  | granian
python3.11 | /usr/bin/python3 /usr/bin/circusd c.ini     | 2048  | 8000  | circus
# generated configurations
nginx  | nginx: master process /usr/bin/nginx -c /etc/nginx/nginx.conf | 4096 | 80 | ingress-nginx
nginx  | nginx: master process /usr/local/openresty/nginx/sbin/nginx -p /usr/local/kong -c nginx.conf | 4096 | 8000 | kong
nginx  | nginx: master process /usr/bin/openresty -p /usr/local/apisix -g daemon off; | 511 | 9080 | apisix
nginx  | nginx: master process nginx -g daemon off;      | 511   | 80    | nginx
# those that hand over, and the rest
systemd-socket-activate | systemd-socket-activate -l 8000 python3 a.py | 4096 | 8000 | socket-activation
perl   | /usr/bin/perl /usr/bin/start_server --port 8000 -- starman | 4096 | 8000 | start-server
perl   | starman master                                  | 1024  | 5000  | starman
perl   | perl daemon.pl                                  | 5     | 8080  | perl
named  | named -g                                        | 10    | 53    | bind
socat1 | socat TCP-LISTEN:8080,fork -                    | 5     | 8080  | socat
rsync  | rsync --daemon --no-detach                      | 5     | 873   | rsync
lighttpd | lighttpd -D -f /etc/lighttpd/lighttpd.conf    | 1024  | 80    | lighttpd
pgbouncer | pgbouncer /etc/pgbouncer/pgbouncer.ini       | 128   | 6432  | pgbouncer
dnsmasq | dnsmasq -k                                     | 32    | 53    | dnsmasq
unbound | unbound -d                                     | 256   | 53    | unbound
tinyproxy | tinyproxy -d                                 | 1024  | 8888  | tinyproxy
stunnel4 | stunnel4 /etc/stunnel/s.conf                  | 4096  | 4433  | stunnel
dropbear | dropbear -F -E                                | 1000  | 22    | dropbear
mosquitto | mosquitto -c /etc/mosquitto/mosquitto.conf   | 100   | 1883  | mosquitto
ncat   | ncat -lk 8080                                   | 10    | 8080  | ncat
busybox | /bin/busybox httpd -f -p 8080                  | 9     | 8080  | busybox-httpd
squid  | squid -N                                        | 256   | 3128  | squid
unitd  | unit: main v1.29                                | 511   | 8080  | nginx-unit
php8.2 | php8.2 -S 0.0.0.0:8080                          | 4096  | 8080  | php
epmd   | /usr/lib/erlang/bin/epmd -daemon                | 4096  | 4369  | epmd
arangod | arangod --server.endpoint tcp://0.0.0.0:8529   | 10    | 8529  | arangodb
fluent-bit | fluent-bit -c /etc/fluent-bit.conf          | 128   | 24224 | fluent-bit
linkerd2-proxy | linkerd2-proxy                          | 128   | 4143  | linkerd2-proxy
ztunnel | ztunnel proxy ztunnel                          | 128   | 15008 | ztunnel
cilium-envoy | cilium-envoy -c /var/run/bootstrap.json   | 4096  | 10000 | envoy
""")
  void eachListenerOfAProcessIsToldByNumberAndPort(
      String executable, String commandLine, int backlog, int port, String key) {
    var listened = new Listened(backlog, port, SOMAXCONN);
    assertThat(catalogue.recognise(program("/usr/bin/" + executable, commandLine), listened))
        .contains(key);
  }

  @ParameterizedTest(name = "{0} with {2} mapped and {3} is {4}")
  @CsvSource({
    "/usr/share/dotnet/dotnet, dotnet app.dll, libcoreclr.so, 512, kestrel",
    "/app/aspnetapp, ./aspnetapp, libcoreclr.so, 512, kestrel",
    "/app/single, ./single, memfd:doublemapper (deleted), 512, kestrel",
    "/app/aspnetapp, ./aspnetapp, libcoreclr.so, 4096, dotnet-program",
    "/app/aspnetapp, ./aspnetapp, libcoreclr.so.d, 512, ''",
    "/usr/bin/python3.11, python3 s.py, cygrpc.cpython-311-x86_64-linux-gnu.so, 4096, grpc",
    "/usr/bin/python3.11, python3 s.py, cygrpc.cpython-311-x86_64-linux-gnu.so, 64, python",
    "/usr/bin/ruby3.1, ruby s.rb, grpc_c.so, 4096, grpc",
    "/usr/bin/python3.11, python3 -m ipykernel, libzmq-c9b7a2f1.so.5.2.5, 100, zeromq",
    "/usr/bin/python3.11, python3 -m salt, _zmq.cpython-311-x86_64-linux-gnu.so, 100, zeromq",
    "/usr/bin/python3.11, python3 server.py, libc.so.6, 100, python-asyncio",
    "/app/server, /app/server, libpython3.11.so.1.0, 5, python-program",
    "/usr/bin/node, node s.js, uws_linux_x64_115.node, 512, uwebsockets",
    "/usr/bin/node, node s.js, libc.so.6, 512, node",
  })
  void whatIsMappedTellsWhatTheCommandLineHides(
      String executable, String commandLine, String mapped, int backlog, String key) {
    var program =
        new Program(
            executable,
            List.of(commandLine.split(" ", -1)),
            "",
            false,
            () -> Set.of("libm.so.6", mapped));
    assertThat(recognised(program, backlog).orElse("")).isEqualTo(key);
  }

  @ParameterizedTest(name = "{0} {1} with {2}")
  @CsvSource({
    "/usr/bin/python3.11, python3 app.py, 5",
    "/usr/sbin/nginx, nginx: master process nginx, 511",
    "/opt/java/bin/java, java -jar app.jar, 4096",
    "/usr/bin/postgres, postgres -D /data, 244",
  })
  void whatIsMappedIsNotReadWhereTheRestTells(String executable, String commandLine, int backlog) {
    var program =
        new Program(
            executable,
            List.of(commandLine.split(" ", -1)),
            "",
            false,
            () -> {
              throw new AssertionError("read");
            });
    assertThat(recognised(program, backlog)).isPresent();
  }

  @ParameterizedTest(name = "somaxconn {0}, and a Go program with {1} is {2}")
  @CsvSource({
    "4096, 4096, go-program",
    "128, 128, go-program",
    "4096, 64, go-other", // syscall.Listen()
    "9000, 4096, go-other", // read once, before it rose
  })
  void goAsksForWhatItFoundOrListensByOtherMeans(int somaxconn, int backlog, String key) {
    var program = new Program("/app/server", List.of("/app/server"), "web", true, Set::of);
    assertThat(catalogue.recognise(program, new Listened(backlog, 8080, somaxconn))).contains(key);
  }

  @Test
  void aNumberThatSomaxconnMadeTellsNobody() {
    var python = program("/usr/bin/python3.11", "python3 app.py");
    assertThat(catalogue.recognise(python, new Listened(128, 8080, 128))).contains("python");
    assertThat(catalogue.recognise(python, new Listened(128, 8080, 4096)))
        .contains("python-listen");
  }

  @ParameterizedTest(name = "{0} with {1} that was handed over is {2}")
  @CsvSource({
    "python3 -m http.server, 4096, handed-over",
    "python3 server.py, 1, handed-over",
    "gunicorn: master [app:app], 2048, gunicorn", // it listens on what it is handed
    "gunicorn: master [app:app], 4096, handed-over",
  })
  void aListenerThatAnotherProgramOpenedHasItsNumber(String command, int backlog, String key) {
    var listened = new Listened(backlog, 8000, SOMAXCONN).handedOver(true);
    assertThat(catalogue.recognise(program("/usr/bin/python3.11", command), listened))
        .contains(key);
    assertThat(catalogue.recognise(program("/app/unknown", command), listened))
        .contains("handed-over");
  }

  @ParameterizedTest(name = "{0} with {1} on {2}: {3}")
  @CsvSource({
    "kafka, 50, 9092, false",
    "kafka, 50, 7777, false", // its own number
    "kafka, 200, 9093, false", // its own port
    "kafka, 7, 9405, true",
    "gunicorn, 64, 9102, true",
    "rabbitmq, 256, 15674, true",
    "tomcat, 20, 10001, true",
    "nginx, 64, 9102, false", // it has no usual port
    "postgresql, 7, 1, false", // nor a usual number
    "cobol-httpd, 5, 80, false",
  })
  void neitherNumberNorPortIsItsOwn(String key, int backlog, int port, boolean anothers) {
    assertThat(catalogue.isPerhapsAnothers(key, backlog, port)).isEqualTo(anothers);
  }

  @ParameterizedTest(name = "{0} {1} with {2}")
  @CsvSource({
    "/app/server, /app/server, 5",
    "/app/server, /app/server, 4096",
    "/app/server, /app/server nginx, 511",
    "/usr/bin/nginx-exporter, nginx-exporter, 4096",
    "/usr/bin/ruby3.1, ruby app.rb, 64",
    "/usr/sbin/master, master, 100",
    "'', '', 5",
  })
  void whatTheNumberOrTheNameDoesNotShowIsNotGuessed(
      String executable, String commandLine, int backlog) {
    assertThat(recognised(program(executable, commandLine), backlog)).isEmpty();
  }

  @ParameterizedTest(name = "{0} is {2}")
  @CsvSource({
    "kafka, 9092, kafka",
    "zookeeper, 2181, zookeeper",
    "tomcat, 8080, tomcat",
    "web, 8080, java",
  })
  void whereTheCommandLineIsCutTheContainersNameCounts(String container, int port, String key) {
    var cut = List.of("java", "-Xmx1g", "-cp", "/opt/libs/a.jar:/opt/libs/b.j");
    var program = new Program("/opt/java/bin/java", cut, container, false, Set::of);
    assertThat(catalogue.recognise(program, new Listened(50, port, SOMAXCONN))).contains(key);
  }

  @Test
  void aContainersNameAloneMakesNoApplication() {
    var program = new Program("/app/run", List.of("/app/run"), "kafka", false, Set::of);
    assertThat(recognised(program, 50)).isEmpty();
  }

  @Test
  void aProcessWithoutArgumentsIsRecognisedByItsExecutable() {
    assertThat(recognised(new Program("/usr/sbin/nginx", List.of(), "", false, Set::of), 511))
        .contains("nginx");
    assertThat(recognised(new Program("", List.of(), "", false, Set::of), 511)).isEmpty();
  }

  @Test
  void eachAdviceIsASentenceThatLeavesRoomInAnEvent() {
    assertThat(catalogue.keys())
        .isNotEmpty()
        .allSatisfy(
            key ->
                assertThat(catalogue.advice(key).orElseThrow())
                    .endsWith(".")
                    .hasSizeLessThanOrEqualTo(200));
  }

  /** Who has no cluster is told of nothing that only a cluster has. */
  @Test
  void noAdviceOnAHostNamesPoliciesOrPods() {
    assertThat(catalogue.keys())
        .isNotEmpty()
        .allSatisfy(
            key ->
                assertThat(catalogue.adviceOnHost(key).orElseThrow())
                    .doesNotContainPattern("(?i)polic(y|ies)|\\bpods?\\b|\\bEnforce\\b")
                    .doesNotContain("|")
                    .endsWith(".")
                    .hasSizeLessThanOrEqualTo(200));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "sshd    ~ sshd asks for 128, fixed in its code: a policy in mode Enforce raises it. ~ sshd asks for 128, fixed in its code: it has no setting.",
        "mysql-x ~ MySQL's X Plugin reckons its backlog from mysqlx_max_connections, and back_log does not change it: raise that, or have a policy in mode Enforce raise it. ~ MySQL's X Plugin reckons its backlog from mysqlx_max_connections, and back_log does not change it: raise that.",
        "node    ~ Node asks for 511 unless told otherwise: set backlog in server.listen({port, backlog}). ~ Node asks for 511 unless told otherwise: set backlog in server.listen({port, backlog})."
      })
  void anAdviceIsSaidWithWhatThereIs(String key, String inCluster, String onHost) {
    assertThat(catalogue.advice(key)).contains(inCluster);
    assertThat(catalogue.adviceOnHost(key)).contains(onHost);
  }

  @Test
  void eachAdviceNamesTheNumberThatIsTheDefault() {
    assertThat(catalogue.keys())
        .filteredOn(key -> catalogue.usual(key).orElseThrow().matches("[0-9]+"))
        .hasSizeGreaterThan(20)
        .allSatisfy(
            key ->
                assertThat(catalogue.advice(key).orElseThrow())
                    .contains(catalogue.usual(key).orElseThrow()));
  }

  @Test
  void aKeyThatIsListedTwiceIsNamed() {
    var row = Application.parse("nginx\t511\tnginx\t*\t*\t*\t*\t*\tadvice\tsource");
    assertThatThrownBy(() -> new Catalogue(List.of(row, row))).hasMessage("listed twice: nginx");
  }

  @Test
  void anUnknownKeyHasNoAdvice() {
    assertThat(catalogue.advice("cobol-httpd")).isEmpty();
  }

  @Test
  void aRowWithAColumnTooFewIsNamed() {
    assertThatThrownBy(() -> Application.parse("nginx\tnginx\t*"))
        .hasMessageContaining("3 columns instead of 10: nginx");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "many | * | * | *           | of nginx: not a default of nginx: many",
        "0    | * | * | *           | of nginx: not a default of nginx: 0",
        "511  | rust | * | *        | of nginx: not a runtime: rust",
        "511  | * | few | *         | of nginx: For input string: \"few\"",
        "511  | * | * | 80          | of nginx: not ports: 80",
        "511  | * | * | only 90-80  | of nginx: no range of ports: 90-80",
        "511  | * | * | only 70000  | of nginx: no range of ports: 70000-70000",
      })
  void aColumnThatMakesNoSenseIsNamed(
      String usual, String runtime, String asked, String ports, String message) {
    String row =
        "nginx\t%s\tnginx\t*\t*\t%s\t%s\t%s\tadvice\tsource"
            .formatted(usual, runtime, asked, ports);
    assertThatThrownBy(() -> Application.parse(row)).hasMessage(message);
  }

  private Optional<String> recognised(Program program, int backlog) {
    return catalogue.recognise(program, new Listened(backlog, 8080, SOMAXCONN));
  }

  private static Program program(String executable, String commandLine) {
    return new Program(executable, List.of(commandLine.split(" ", -1)), "", false, Set::of);
  }
}
