package io.listenbacklog.host;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.listenbacklog.api.UnixListeners;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.kernel.LinuxKernel;
import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.probe.CatalogueRecognizer;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code backlog audit}. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    versionProvider = HostCommand.Version.class,
    description = {
      "Every TCP and UNIX listener of this machine, those of containers and units too: who it is of,"
          + " how long its accept queue is and may be, and what is wrong with it. Changes nothing."
          + " Needs root."
    },
    exitCodeOnExecutionException = Audit.CANNOT, // 1 would say that something was found
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:All was looked at, and nothing found.",
      "1:A listener has less than --minimum, its queue overflowed, or nothing is accepted from it.",
      "2:Wrong usage or too few rights; or nothing was found, but not all could be looked at."
    })
final class Audit implements Callable<Integer> {
  /** Nothing found. */
  static final int SOUND = 0;

  /** Something found. */
  static final int FOUND = 1;

  /** Wrong usage, which is picocli's own, or it could not be done. */
  static final int CANNOT = 2;

  private static final int LONGEST_LOOK = 3_600;

  /** How the answer is written. */
  enum Format {
    TABLE,
    JSON;

    static final class Converter implements ITypeConverter<Format> {
      @Override
      public Format convert(String value) {
        return switch (value) {
          case "table" -> TABLE;
          case "json" -> JSON;
          default -> throw new TypeConversionException("'" + value + "' is neither table nor json");
        };
      }
    }
  }

  @Option(
      names = {"-o", "--output"},
      description = "table (the default) or json.",
      paramLabel = "FORMAT",
      converter = Format.Converter.class)
  Format format = Format.TABLE;

  @Option(
      names = "--minimum",
      description =
          "The backlog that each listener must have, 1 to 65535. ${DEFAULT-VALUE} is enough for most;"
              + " who is called by many clients at once needs more.",
      paramLabel = "N",
      defaultValue = "128")
  int minimum;

  @Option(
      names = "--seconds",
      description =
          "How long queues are watched, 0 to 3600: a listener from which nothing is accepted for so"
              + " long, while somebody waits, is stalled. ${DEFAULT-VALUE} by default; 0: one look,"
              + " which finds neither stalls nor overflows.",
      paramLabel = "N",
      defaultValue = "5")
  int seconds;

  @Option(
      names = "--exempt",
      description = "A port, or a range of them, of which nothing is asked. May be repeated.",
      paramLabel = "PORT[-PORT]",
      converter = PortRange.Converter.class)
  List<PortRange> exempt = List.of();

  /** What becomes of UNIX listeners, in the words of a policy. */
  static final class UnixConverter implements ITypeConverter<UnixListeners> {
    @Override
    public UnixListeners convert(String value) {
      return switch (value) {
        case "observe" -> UnixListeners.OBSERVE;
        case "govern" -> UnixListeners.GOVERN;
        case "ignore" -> UnixListeners.IGNORE;
        default ->
            throw new TypeConversionException(
                "'" + value + "' is neither observe nor govern nor ignore");
      };
    }
  }

  @Option(
      names = "--unix",
      description =
          "UNIX listeners: observe (the default) finds those whose queues are full or stand still;"
              + " govern asks them for --minimum too; ignore leaves them out.",
      paramLabel = "HOW",
      converter = UnixConverter.class)
  UnixListeners unix = UnixListeners.OBSERVE;

  @Option(
      names = "--port",
      description = "Only listeners on this port, or range of them. May be repeated.",
      paramLabel = "PORT[-PORT]",
      converter = PortRange.Converter.class)
  List<PortRange> ports = List.of();

  @Option(
      names = "--path",
      description =
          "Only UNIX listeners on this path, in which * stands for anything; beside --port also those"
              + " on ports. May be repeated.",
      paramLabel = "PATH",
      converter = GlobConverter.class)
  List<Glob> paths = List.of();

  /** Reads a path. */
  static final class GlobConverter implements ITypeConverter<Glob> {
    @Override
    public Glob convert(String value) {
      return new Glob(value);
    }
  }

  @Option(
      names = "--unit",
      description = "Only listeners of this systemd unit, such as nginx.service. May be repeated.",
      paramLabel = "UNIT")
  List<String> units = List.of();

  @Option(
      names = "--executable",
      description =
          "Only listeners of this program: its path, or the last part of it. May be repeated.",
      paramLabel = "FILE")
  List<String> executables = List.of();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (minimum < 1 || minimum > 65_535) throw wrong("--minimum", minimum, "1 to 65535");
    if (unix == UnixListeners.IGNORE && !paths.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--path is without effect with --unix ignore");
    }
    if (seconds < 0 || seconds > LONGEST_LOOK) throw wrong("--seconds", seconds, "0 to 3600");
    var paths = new LinuxKernel.Paths(Path.of("/proc"), null);
    try (var kernel = new LinuxKernel(new LibC(), paths)) {
      return report(kernel, new Clocks(Clock.systemUTC(), System::nanoTime), Thread::sleep);
    }
  }

  private ParameterException wrong(String option, int value, String range) {
    return new ParameterException(
        spec.commandLine(), "%s %d is not in %s".formatted(option, value, range));
  }

  /** The options that choose listeners, as they were given; empty: all are looked at. */
  private String chosen() {
    var options = new ArrayList<String>();
    ports.forEach(each -> options.add("--port " + each));
    paths.forEach(each -> options.add("--path " + each.text()));
    units.forEach(each -> options.add("--unit " + each));
    executables.forEach(each -> options.add("--executable " + each));
    return String.join(" ", options);
  }

  /** Looks, prints, and says what the exit status is. */
  int report(NodeKernel kernel, Clocks clocks, HostAudit.Pause pause)
      throws IOException, InterruptedException {
    if (!kernel.processes().mayTrace()) {
      throw new IOException(
          "too few rights: without CAP_SYS_PTRACE (and CAP_SYS_ADMIN, to enter network namespaces)"
              + " the listeners of other users cannot be told: run it as root, outside of containers");
    }
    var catalogue = Catalogue.standard();
    var recognizer = new CatalogueRecognizer(catalogue, kernel.processes());
    var watched = Duration.ofSeconds(seconds);
    var asked = new Asked(minimum, watched, exempt, unix, ports, paths, units, executables);
    var report = new HostAudit(kernel, recognizer, catalogue, clocks, pause).of(asked);
    var out = spec.commandLine().getOut();
    out.print(
        format == Format.JSON
            ? JsonMapper.builder().build().valueToTree(report).toPrettyString() + "\n"
            : AuditTable.text(report));
    out.flush();
    var err = spec.commandLine().getErr();
    if (format == Format.TABLE) {
      for (String each : report.notSeen()) err.println("backlog: not seen: " + each);
    }
    String chosen = chosen();
    if (report.listeners().isEmpty() && !chosen.isEmpty()) {
      err.println("backlog: no listener matches " + chosen);
    }
    err.flush();
    if (report.listeners().stream().anyMatch(AuditedListener::isFound)) return FOUND;
    return report.notSeen().isEmpty() ? SOUND : CANNOT;
  }
}
