package io.listenbacklog.policy.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueTest {
  private final Catalogue catalogue = Catalogue.standard();

  @ParameterizedTest(name = "{0} {1} with {2} is {3}")
  @CsvSource({
    "/usr/bin/python3.11, python3 -m http.server, 5, python-socketserver",
    "/usr/local/bin/python3.13, python3 /srv/octavia-api.py, 5, python-socketserver",
    "/usr/bin/python3.11, python3 app.py, 128, python-listen",
    "/usr/bin/python3.11, python3 app.py, 100, python-asyncio",
    "/usr/bin/python3.11, python3 app.py, 64, python",
    "/usr/bin/python3.11, /usr/bin/python3 /usr/local/bin/gunicorn app:app, 2048, gunicorn",
    "/usr/bin/python3.11, gunicorn: master [app:app], 5, gunicorn",
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
    "/usr/sbin/nginx, nginx: master process nginx, 511, nginx",
    "/usr/local/openresty/nginx/sbin/nginx, nginx: master process openresty, 511, nginx",
    "/usr/sbin/apache2, /usr/sbin/apache2 -k start, 511, apache",
    "/usr/local/apache2/bin/httpd, httpd -DFOREGROUND, 511, apache",
    "/usr/local/sbin/haproxy, haproxy -W -db -f /etc/haproxy.cfg, 4096, haproxy",
    "/usr/local/bin/envoy, envoy -c /etc/envoy.yaml, 4096, envoy",
    "/usr/bin/minio, minio server /data, 4096, minio",
    "/usr/bin/redis-server (deleted), redis-server *:6379, 511, redis",
    "/usr/bin/redis-check-rdb, redis-server *:6379, 511, redis",
    "/usr/bin/valkey-server, valkey-server, 511, redis",
    "/usr/bin/memcached, memcached -m 64, 1024, memcached",
    "/opt/java/bin/java, java -jar app.jar, 50, java",
    "/opt/java/bin/java, java -jar app.jar, 4096, java-other",
    "/opt/java/bin/java, java -jar app.jar, 100, tomcat-embedded",
    "/opt/java/bin/java, java -jar app.jar, 1000, undertow",
    "/opt/java/bin/java, java org.springframework.boot.loader.launch.JarLauncher, 100, spring-boot",
    "/opt/java/bin/java, java org.apache.catalina.startup.Bootstrap start, 100, tomcat",
    "/opt/java/bin/java, java -jar /usr/local/jetty/start.jar, 50, jetty",
    "/opt/java/bin/java, java -jar quarkus-run.jar, 4096, quarkus",
    "/opt/java/bin/java, java io.vertx.core.Launcher run a.Verticle, 4096, vertx",
    "/opt/java/bin/java, java -Xmx1g kafka.Kafka server.properties, 50, kafka",
    "/opt/java/bin/java, java -cp a org.apache.zookeeper.server.quorum.QuorumPeerMain, 50, zookeeper",
    "/usr/share/dotnet/dotnet, dotnet app.dll, 512, kestrel",
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
    assertThat(catalogue.recognise(program(executable, commandLine), backlog)).contains(key);
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
    assertThat(catalogue.recognise(program(executable, commandLine), backlog)).isEmpty();
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({"kafka, kafka", "zookeeper, zookeeper", "tomcat, tomcat", "web, java"})
  void whereTheCommandLineIsCutTheContainersNameCounts(String container, String key) {
    var cut = List.of("java", "-Xmx1g", "-cp", "/opt/libs/a.jar:/opt/libs/b.j");
    assertThat(catalogue.recognise(new Program("/opt/java/bin/java", cut, container, false), 50))
        .contains(key);
  }

  @Test
  void aContainersNameAloneMakesNoApplication() {
    assertThat(
            catalogue.recognise(new Program("/app/run", List.of("/app/run"), "kafka", false), 50))
        .isEmpty();
  }

  @Test
  void anyGoProgramIsKnownAsThat() {
    var arguments = List.of("/app/server");
    assertThat(catalogue.recognise(new Program("/app/server", arguments, "web", true), 4096))
        .contains("go-program");
    assertThat(catalogue.recognise(new Program("/usr/bin/minio", arguments, "web", true), 4096))
        .contains("minio");
  }

  @Test
  void aProcessWithoutArgumentsIsRecognisedByItsExecutable() {
    assertThat(catalogue.recognise(new Program("/usr/sbin/nginx", List.of(), "", false), 511))
        .contains("nginx");
    assertThat(catalogue.recognise(new Program("", List.of(), "", false), 511)).isEmpty();
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
    var row = Application.parse("nginx\t511\tnginx\t*\t*\t*\t*\tadvice\tsource");
    assertThatThrownBy(() -> new Catalogue(List.of(row, row))).hasMessage("listed twice: nginx");
  }

  @Test
  void anUnknownKeyHasNoAdvice() {
    assertThat(catalogue.advice("cobol-httpd")).isEmpty();
  }

  @Test
  void aRowWithAColumnTooFewIsNamed() {
    assertThatThrownBy(() -> Application.parse("nginx\tnginx\t*"))
        .hasMessageContaining("3 columns instead of 9: nginx");
  }

  @ParameterizedTest
  @CsvSource({
    "many, *, not a default of nginx: many",
    "0, *, not a default of nginx: 0",
    "511, rust, not a runtime of nginx: rust",
  })
  void aColumnThatMakesNoSenseIsNamed(String usual, String runtime, String message) {
    String row = "nginx\t%s\tnginx\t*\t*\t%s\t*\tadvice\tsource".formatted(usual, runtime);
    assertThatThrownBy(() -> Application.parse(row)).hasMessage(message);
  }

  private static Program program(String executable, String commandLine) {
    return new Program(executable, List.of(commandLine.split(" ", -1)), "", false);
  }
}
