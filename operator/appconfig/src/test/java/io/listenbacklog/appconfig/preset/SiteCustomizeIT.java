package io.listenbacklog.appconfig.preset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The module in the real Python of this machine, judged by what the kernel holds for the socket.
 */
@EnabledIf("hasPython")
class SiteCustomizeIT {
  private static final Path PYTHON = Path.of("/usr/bin/python3");

  /**
   * Of a listening socket the kernel tells its backlog in tcpi_sacked (net/ipv4/tcp.c,
   * tcp_get_info).
   */
  private static final String TELL =
      """

      import socket, struct
      info = server.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
      print(struct.unpack_from("I", info, 28)[0])
      """;

  private static final String HTTP =
      """
      import http.server
      server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
      """;

  @TempDir Path folder;
  private Path ours = Path.of("");

  static boolean hasPython() {
    return Files.isExecutable(PYTHON) || Boolean.getBoolean("require.everything");
  }

  @BeforeEach
  void write() throws IOException {
    ours = Files.createDirectory(folder.resolve("ours"));
    Files.writeString(ours.resolve(SiteCustomize.FILE), SiteCustomize.source(64));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        HTTP,
        """
        import wsgiref.simple_server
        server = wsgiref.simple_server.make_server('127.0.0.1', 0, None)
        """,
        """
        import xmlrpc.server
        server = xmlrpc.server.SimpleXMLRPCServer(('127.0.0.1', 0))
        """,
        """
        from socketserver import TCPServer, BaseRequestHandler
        server = TCPServer(('127.0.0.1', 0), BaseRequestHandler)
        """,
        """
        import importlib, socketserver
        socketserver = importlib.reload(socketserver)
        server = socketserver.TCPServer(('127.0.0.1', 0), None)
        """
      })
  void theKernelHoldsTheBacklog(String server) throws Exception {
    assertThat(without(server + TELL)).isEqualTo("5");
    assertThat(with(server + TELL)).isEqualTo("64");
  }

  @Test
  void aClassWithANumberOfItsOwnKeepsIt() throws Exception {
    assertThat(
            with(
                """
        import socketserver
        class Own(socketserver.TCPServer): request_queue_size = 10
        server = Own(('127.0.0.1', 0), None)"""
                    + TELL))
        .isEqualTo("10");
    assertThat(
            with(
                """
        import socketserver
        socketserver.TCPServer.request_queue_size = 7
        server = socketserver.TCPServer(('127.0.0.1', 0), None)"""
                    + TELL))
        .isEqualTo("7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-S", "-I", "-E"})
  void hasNoEffectWherePythonDoesNotLook(String option) throws Exception {
    assertThat(run(ours.toString(), option, HTTP + TELL)).isEqualTo("5");
  }

  @Test
  void neverLowers() throws Exception {
    Files.writeString(ours.resolve(SiteCustomize.FILE), SiteCustomize.source(2));
    assertThat(with(HTTP + TELL)).isEqualTo("5");
  }

  @Test
  void theOtherSitecustomizeRunsAsIfItWereTheOnlyOne() throws Exception {
    var theirs = Files.createDirectory(folder.resolve("theirs"));
    Files.writeString(
        theirs.resolve(SiteCustomize.FILE),
        "import builtins\nbuiltins.theirs = __name__, __file__\n");
    String path = ours + ":" + theirs;
    assertThat(run(path, HTTP + TELL)).isEqualTo("64");
    assertThat(
            run(
                path,
                "import sitecustomize; print(theirs == ('sitecustomize', sitecustomize.__file__))"))
        .isEqualTo("True");
    assertThat(run(path, "print(theirs[1])"))
        .isEqualTo(theirs.resolve(SiteCustomize.FILE).toString());
  }

  @Test
  void aFaultOfTheOtherSitecustomizeIsToldByPythonAsEver() throws Exception {
    var theirs = Files.createDirectory(folder.resolve("theirs"));
    Files.writeString(theirs.resolve(SiteCustomize.FILE), "raise ValueError('theirs')\n");
    assertThat(run(theirs.toString(), HTTP + TELL)).contains("theirs").endsWith("\n5");
    assertThat(run(ours + ":" + theirs, HTTP + TELL)).contains("theirs").endsWith("\n64");
  }

  @Test
  void twoOfThemAgree() throws Exception {
    var second = Files.createDirectory(folder.resolve("second"));
    Files.writeString(second.resolve(SiteCustomize.FILE), SiteCustomize.source(128));
    assertThat(run(ours + ":" + second, HTTP + TELL)).isEqualTo("64");
  }

  @Test
  void theUsersOwnModuleRunsToo() throws Exception {
    var user = Files.createDirectory(folder.resolve("user"));
    Files.writeString(user.resolve("usercustomize.py"), "print('usercustomize')\n");
    assertThat(run(ours + ":" + user, HTTP + TELL)).isEqualTo("usercustomize\n64");
  }

  @Test
  void loadsNothingThatAProgramDoesNotUseAndLeavesNoTrace() throws Exception {
    String modules = "import sys; print('socketserver' in sys.modules, 'socket' in sys.modules)";
    assertThat(with(modules)).isEqualTo("False False");
    assertThat(
            with(
                """
        import socketserver, inspect
        print(type(socketserver.__loader__).__name__, socketserver.__spec__.loader is socketserver.__loader__, 'class TCPServer' in inspect.getsource(socketserver))"""))
        .isEqualTo("SourceFileLoader True True");
  }

  @Test
  void theModuleItselfMayBeRun() throws Exception {
    assertThat(with("import runpy; print('TCPServer' in runpy.run_module('socketserver'))"))
        .isEqualTo("True");
  }

  private String with(String program) throws Exception {
    return run(ours.toString(), program);
  }

  private String without(String program) throws Exception {
    return run("", program);
  }

  /** What Python prints, errors as well. */
  private String run(String path, String... optionsAndProgram) throws Exception {
    var words = new ArrayList<String>();
    words.add(PYTHON.toString());
    int last = optionsAndProgram.length - 1;
    words.addAll(List.of(optionsAndProgram).subList(0, last));
    words.addAll(List.of("-c", optionsAndProgram[last]));
    var builder = new ProcessBuilder(words).redirectErrorStream(true).directory(folder.toFile());
    builder.environment().put("PYTHONPATH", path);
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    var process = builder.start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return printed.strip();
  }
}
