package io.listenbacklog.kernel.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Holds what we say of C to what its compiler makes of the headers, here and on arm64: {@link
 * Need#GCC}, {@link Need#GCC_ARM64}.
 */
public final class CHeaders {
  /** What the compiler wrote for one expression; before the number is what its assembler wants. */
  private static final Pattern VALUE = Pattern.compile("->[$#]?(-?[0-9]+)<-");

  private static final List<String> HEADERS =
      List.of(
          "stddef.h",
          "dirent.h",
          "fcntl.h",
          "poll.h",
          "sched.h",
          "sys/eventfd.h",
          "sys/socket.h",
          "sys/stat.h",
          "sys/syscall.h",
          "sys/un.h",
          "netinet/in.h",
          "netinet/tcp.h",
          "linux/netlink.h",
          "linux/sock_diag.h",
          "linux/inet_diag.h",
          "linux/unix_diag.h");

  private final Map<String, Long> ours = new LinkedHashMap<>();

  /** We say that this C expression has this value. */
  public CHeaders value(String expression, long value) {
    ours.put(expression, value);
    return this;
  }

  /** We say that this struct is laid out so. */
  public CHeaders struct(String name, StructLayout layout) {
    return value("sizeof(struct %s)".formatted(name), layout.byteSize()).fields(name, layout);
  }

  /** We say that these fields of this struct are where they are; its size is not our affair. */
  public CHeaders fields(String struct, StructLayout layout) {
    for (MemoryLayout member : layout.memberLayouts()) {
      if (member.name().isEmpty()) continue; // padding
      var field = member.name().get();
      value(
          "offsetof(struct %s, %s)".formatted(struct, field),
          layout.byteOffset(PathElement.groupElement(field)));
    }
    return this;
  }

  /** Compares all that was said with the headers of this machine. */
  public void agree() {
    agree("gcc");
  }

  /** Compares all that was said with the headers of arm64, wherever this runs. */
  public void agreeOnArm64() {
    agree("aarch64-linux-gnu-gcc");
  }

  private void agree(String compiler) {
    var expressions = List.copyOf(ours.keySet());
    var values = compiled(compiler, expressions);
    assertThat(values).hasSameSizeAs(expressions);
    var theirs = new LinkedHashMap<String, Long>();
    for (int index = 0; index < values.size(); index++) {
      theirs.put(expressions.get(index), values.get(index));
    }
    assertThat(ours).isNotEmpty().isEqualTo(theirs);
  }

  /** As the kernel's build learns the offsets for its assembler: nothing has to run. */
  private static List<Long> compiled(String compiler, List<String> expressions) {
    var source = new StringBuilder("#define _GNU_SOURCE\n");
    for (var header : HEADERS) source.append("#include <").append(header).append(">\n");
    source.append("void values(void) {\n");
    for (var expression : expressions) {
      source
          .append("  __asm__(\"->%0<-\" : : \"i\" ((long long) (")
          .append(expression)
          .append(")));\n");
    }
    source.append("}\n");
    try {
      var assembly = run(source.toString(), compiler, "-x", "c", "-S", "-o", "-", "-");
      return VALUE.matcher(assembly).results().map(it -> Long.valueOf(it.group(1))).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String run(String input, String... command) throws IOException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var commands = process.outputWriter(UTF_8)) {
      commands.write(input);
    }
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      assertThat(process.waitFor()).as(output).isZero();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return output;
  }
}
