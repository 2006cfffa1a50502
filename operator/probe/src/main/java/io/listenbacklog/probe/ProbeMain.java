package io.listenbacklog.probe;

import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.kernel.LinuxKernel;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.linux.Reason;
import io.listenbacklog.probe.apiserver.ApiServer;
import io.listenbacklog.probe.telemetry.LogFormat;
import io.listenbacklog.probe.telemetry.LogKeys;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the probe of a node, as its environment says. */
public final class ProbeMain {
  private static final Logger log = LoggerFactory.getLogger(ProbeMain.class);
  private static final int TRIM_SECONDS = 10;

  private ProbeMain() {}

  /** Runs until the process is told to end; exits 2 for a bad setting, 1 for what else is wrong. */
  public static void main(String[] arguments) throws InterruptedException {
    LogFormat.setUp();
    try {
      var settings = ProbeSettings.of(System.getenv());
      run(settings);
    } catch (IllegalArgumentException e) {
      log.atError().addKeyValue(LogKeys.WHY, Reason.of(e)).log("bad setting");
      LogFormat.end();
      System.exit(2);
    } catch (IOException e) {
      log.atError().addKeyValue(LogKeys.WHY, Reason.of(e)).log("cannot start");
      LogFormat.end();
      System.exit(1);
    }
  }

  private static void run(ProbeSettings settings) throws IOException, InterruptedException {
    var paths = new LinuxKernel.Paths(settings.proc(), settings.tracefs());
    var kernel = new LinuxKernel(new LibC(), paths);
    var api = ApiServer.of(System.getenv());
    var recogniser = new CatalogueRecognizer(Catalogue.standard(), kernel.processes());
    var probe = Probe.start(settings, kernel, api, recogniser);
    var ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    probe.close();
                  } catch (IOException e) {
                    log.atWarn().addKeyValue(LogKeys.WHY, Reason.of(e)).log("not stopped cleanly");
                  }
                  LogFormat.end();
                  ended.countDown();
                },
                "stop"));
    var heap = HeapTrim.ofJvm();
    while (!ended.await(TRIM_SECONDS, TimeUnit.SECONDS)) heap.trim();
  }
}
