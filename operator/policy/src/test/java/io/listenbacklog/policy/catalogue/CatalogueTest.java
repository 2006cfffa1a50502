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
    "/usr/bin/python3.11, /usr/bin/python3 /usr/local/bin/gunicorn app:app, 2048, gunicorn",
    "/usr/bin/python3.11, gunicorn: master [app:app], 5, gunicorn",
    "/usr/bin/python3.11, gunicorn -k uvicorn.workers.UvicornWorker app, 64, gunicorn",
    "/usr/bin/python3.11, python3 -m uvicorn app:app, 2048, uvicorn",
    "/usr/bin/python3.11, /usr/bin/python3 /usr/bin/flask --app a run --port 1, 128, flask",
    "/usr/bin/python3.11, /usr/bin/python3 /usr/bin/twistd -n web, 50, twisted",
    "/usr/bin/node, node server.js, 511, node",
    "/usr/sbin/nginx, nginx: master process nginx, 511, nginx",
    "/usr/sbin/apache2, /usr/sbin/apache2 -k start, 511, apache",
    "/usr/bin/redis-server (deleted), redis-server *:6379, 511, redis",
    "/usr/bin/valkey-server, valkey-server, 511, redis",
    "/opt/java/bin/java, java -jar app.jar, 50, java",
    "/opt/java/bin/java, java -jar app.jar, 100, tomcat-embedded",
    "/opt/java/bin/java, java org.springframework.boot.loader.launch.JarLauncher, 100, spring-boot",
    "/opt/java/bin/java, java org.apache.catalina.startup.Bootstrap start, 100, tomcat",
    "/opt/java/bin/java, java -Xmx1g kafka.Kafka server.properties, 50, kafka",
    "/opt/java/bin/java, java -cp a org.apache.zookeeper.server.quorum.QuorumPeerMain, 50, zookeeper",
    "/usr/bin/ruby3.1, puma 6.4.0 (tcp://0.0.0.0:3000), 1024, puma",
    "/usr/sbin/php-fpm8.2, php-fpm: master process, 4096, php-fpm",
    "/usr/lib/erlang/bin/beam.smp, beam.smp -W w -- rabbit, 128, rabbitmq",
    "/usr/lib/postgresql/15/bin/postgres, postgres -D /data, 244, postgresql",
    "/usr/lib/postfix/sbin/master, /usr/lib/postfix/sbin/master -w, 100, postfix",
    "/usr/bin/coredns, /coredns -conf /etc/coredns/Corefile, 4096, go",
    "'', /usr/sbin/nginx -g daemon, 511, nginx",
  })
  void aKnownApplicationIsRecognised(
      String executable, String commandLine, int backlog, String key) {
    assertThat(catalogue.recognise(executable, List.of(commandLine.split(" ", -1)), backlog))
        .contains(key);
  }

  @ParameterizedTest(name = "{0} {1} with {2}")
  @CsvSource({
    "/usr/bin/python3.11, python3 app.py, 64",
    "/opt/java/bin/java, java -jar app.jar, 4096",
    "/app/server, /app/server, 5",
    "/app/server, /app/server nginx, 511",
    "/usr/bin/nginx-exporter, nginx-exporter, 4096",
    "'', '', 5",
  })
  void whatTheNumberOrTheNameDoesNotShowIsNotGuessed(
      String executable, String commandLine, int backlog) {
    assertThat(catalogue.recognise(executable, List.of(commandLine.split(" ", -1)), backlog))
        .isEmpty();
  }

  @Test
  void aProcessWithoutArgumentsIsRecognisedByItsExecutable() {
    assertThat(catalogue.recognise("/usr/sbin/nginx", List.of(), 511)).contains("nginx");
    assertThat(catalogue.recognise("", List.of(), 511)).isEmpty();
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
  void aKeyThatIsListedTwiceIsNamed() {
    var row = Application.parse("nginx\tnginx\t*\t*\tadvice\tsource");
    assertThatThrownBy(() -> new Catalogue(List.of(row, row))).hasMessage("listed twice: nginx");
  }

  @Test
  void anUnknownKeyHasNoAdvice() {
    assertThat(catalogue.advice("cobol-httpd")).isEmpty();
  }

  @Test
  void aRowWithAColumnTooFewIsNamed() {
    assertThatThrownBy(() -> Application.parse("nginx\tnginx\t*"))
        .hasMessageContaining("3 columns instead of 6: nginx");
  }
}
