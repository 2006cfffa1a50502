import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.attribute.ModuleAttribute;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ModuleDesc;
import java.lang.reflect.AccessFlag;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * The jars of the command as one module, for jlink to put it into the runtime beside Java's own: no
 * jar is opened at start, and a prepared start (AOT cache) is not given up because whoever unpacked
 * the archive, as krew does, gave the jars another time.
 */
final class AppModule {
  static final String NAME = "listenbacklog.cli";

  /** What "jdeps --print-module-deps" finds, and jdk.crypto.ec for the curves of API servers. */
  private static final List<String> REQUIRED =
      List.of(
          "java.base",
          "java.logging",
          "java.naming",
          "java.net.http",
          "java.sql",
          "java.xml",
          "jdk.crypto.ec",
          "jdk.unsupported");

  /**
   * The client looks for all of them at its start, some 300 classes that it would load, to read
   * objects of any kind. The command names the kind of whatever it reads.
   */
  private static final String MODELS = "io.fabric8.kubernetes.api.model.KubernetesResource";

  private static final String SERVICES = "META-INF/services/";

  private final Map<String, byte[]> files = new TreeMap<>();
  private final Map<String, TreeSet<String>> services = new TreeMap<>();

  private AppModule() {}

  /**
   * Writes it.
   *
   * @param jars of which none has a class of another
   * @param to a new folder
   */
  static void write(List<Path> jars, Path to) throws IOException {
    var module = new AppModule();
    for (Path jar : jars) module.read(jar);
    module.services.getOrDefault(MODELS, new TreeSet<>()).clear();
    module.raiseOldClasses();
    module.files.put("module-info.class", module.info());
    for (var each : module.files.entrySet()) {
      Path file = to.resolve(each.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, each.getValue());
    }
  }

  private void read(Path file) throws IOException {
    try (var jar = new JarFile(file.toFile(), true, JarFile.OPEN_READ, Runtime.version())) {
      for (JarEntry each : jar.versionedStream().toList()) {
        if (each.isDirectory() || each.getName().equals("module-info.class")) continue;
        try (InputStream in = jar.getInputStream(each)) {
          add(file, each.getName(), in.readAllBytes());
        }
      }
    }
  }

  private void add(Path jar, String name, byte[] bytes) {
    if (name.startsWith(SERVICES)) {
      var providers =
          services.computeIfAbsent(name.substring(SERVICES.length()), _ -> new TreeSet<>());
      new String(bytes)
          .lines()
          .map(line -> line.replaceAll("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .forEach(providers::add);
    } else if (!name.startsWith("META-INF/")) {
      if (files.put(name, bytes) != null) {
        throw new IllegalStateException("%s of %s is in another jar too".formatted(name, jar));
      }
    }
  }

  /**
   * Java prepares the start of no class older than Java 6's (JVMS 4.10: those are verified by
   * inference, without stack maps): picocli's are Java 5's. Nothing else than the version and the
   * stack maps is new in them.
   */
  private void raiseOldClasses() {
    var format =
        ClassFile.of(
            ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(this::resource)));
    files.replaceAll(
        (name, bytes) ->
            name.endsWith(".class") && version(bytes) < ClassFile.JAVA_6_VERSION
                ? format.transformClass(format.parse(bytes), raised())
                : bytes);
  }

  private static ClassTransform raised() {
    return ClassTransform.dropping(each -> each instanceof ClassFileVersion)
        .andThen(ClassTransform.endHandler(to -> to.withVersion(ClassFile.JAVA_8_VERSION, 0)))
        .andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL));
  }

  private InputStream resource(ClassDesc type) {
    String name = type.descriptorString();
    name = name.substring(1, name.length() - 1) + ".class";
    byte[] bytes = files.get(name);
    return bytes == null
        ? ClassLoader.getSystemResourceAsStream(name)
        : new ByteArrayInputStream(bytes);
  }

  private static int version(byte[] bytes) {
    return (bytes[6] & 0xff) << 8 | bytes[7] & 0xff;
  }

  /** In a module who looks for a service has to declare it, on a class path not. */
  private Set<ClassDesc> lookedFor() {
    var all = new LinkedHashSet<ClassDesc>();
    services.keySet().forEach(each -> all.add(ClassDesc.of(each)));
    files.forEach(
        (name, bytes) -> {
          if (!name.endsWith(".class") || !mentions(bytes, "java/util/ServiceLoader")) return;
          for (var method : ClassFile.of().parse(bytes).methods()) {
            method.code().ifPresent(code -> lookedFor(code, all));
          }
        });
    return all;
  }

  private static boolean mentions(byte[] type, String text) {
    return new String(type, StandardCharsets.ISO_8859_1).contains(text);
  }

  private static void lookedFor(CodeModel code, Set<ClassDesc> all) {
    ClassDesc last = null;
    for (CodeElement each : code) {
      if (each instanceof ConstantInstruction constant
          && constant.constantValue() instanceof ClassDesc type) {
        last = type;
      } else if (each instanceof InvokeInstruction call
          && call.owner().asInternalName().equals("java/util/ServiceLoader")
          && call.name().stringValue().equals("load")) {
        if (last != null) all.add(last);
        last = null;
      }
    }
  }

  private byte[] info() {
    return ClassFile.of()
        .buildModule(
            ModuleAttribute.of(
                ModuleDesc.of(NAME),
                module -> {
                  module.moduleFlags(AccessFlag.OPEN); // Jackson and picocli reflect.
                  for (String each : REQUIRED) {
                    int flags = each.equals("java.base") ? ClassFile.ACC_MANDATED : 0;
                    module.requires(ModuleDesc.of(each), flags, null);
                  }
                  lookedFor().forEach(module::uses);
                  services.forEach(
                      (service, providers) -> {
                        if (providers.isEmpty()) return;
                        module.provides(
                            ClassDesc.of(service),
                            providers.stream().map(ClassDesc::of).toArray(ClassDesc[]::new));
                      });
                }));
  }
}
