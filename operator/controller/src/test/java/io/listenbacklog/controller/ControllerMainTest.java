package io.listenbacklog.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ControllerMainTest {

  /**
   * It once ended with exit code 0 as soon as it had begun, for all of its threads were daemons.
   */
  @Test
  void itLivesUntilItIsToldToEnd() throws Exception {
    int nobody;
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = taken.getLocalPort();
    }
    var java = Path.of(System.getProperty("java.home"), "bin/java").toString();
    var builder =
        new ProcessBuilder(List.of(java, "-cp", classPath(), ControllerMain.class.getName()));
    builder.environment().put("KUBERNETES_MASTER", "http://127.0.0.1:" + nobody);
    builder.environment().put("KUBECONFIG", "/dev/null");
    builder.environment().put("POD_NAMESPACE", "operator");
    builder.environment().put("POD_NAME", "controller-1");
    builder.environment().put("HTTP_PORT", "0");
    builder.environment().put("HEALTH_PORT", "0");
    var controller = builder.redirectErrorStream(true).start();
    try {
      var said = controller.inputReader();
      String line = said.readLine();
      while (line != null && !line.contains("started")) line = said.readLine();
      assertThat(line).as("the line that says that it has started").isNotNull();

      assertThat(controller.waitFor(5, TimeUnit.SECONDS)).isFalse();
    } finally {
      controller.destroyForcibly().waitFor();
    }
  }

  /** Of this test, by whatever it was started. */
  private static String classPath() {
    return ControllerMainTest.class.getClassLoader() instanceof URLClassLoader loader
        ? Arrays.stream(loader.getURLs())
            .map(URL::getPath)
            .collect(Collectors.joining(File.pathSeparator))
        : System.getProperty("java.class.path");
  }
}
