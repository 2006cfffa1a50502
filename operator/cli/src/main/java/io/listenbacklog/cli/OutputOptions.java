package io.listenbacklog.cli;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code -o} and {@code --no-headers}, as kubectl has them. */
final class OutputOptions {
  /** What {@code -o} names. */
  enum Format {
    WIDE,
    JSON,
    YAML;

    private String spelling() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** For a shell to complete. */
    static final class Spellings extends ArrayList<String> {
      private static final long serialVersionUID = 1;

      Spellings() {
        for (Format each : values()) add(each.spelling());
      }
    }

    static final class Converter implements ITypeConverter<Format> {
      @Override
      public Format convert(String value) {
        for (Format each : values()) {
          if (each.spelling().equals(value)) return each;
        }
        throw new TypeConversionException("'" + value + "' is none of wide, json, yaml");
      }
    }
  }

  @Option(
      names = {"-o", "--output"},
      description = "wide, json or yaml; a table without it.",
      paramLabel = "FORMAT",
      converter = Format.Converter.class,
      completionCandidates = Format.Spellings.class)
  @Nullable Format format;

  @Option(names = "--no-headers", description = "A table without the names of its columns.")
  boolean noHeaders;

  /** Whether what has no room in the table is shown too. */
  boolean isWide() {
    return format == Format.WIDE;
  }

  /** Whether a program reads it. */
  boolean isData() {
    return format == Format.JSON || format == Format.YAML;
  }

  /**
   * What a program reads.
   *
   * @param object of maps, lists, records, numbers and texts
   */
  String data(Object object) {
    // Not a constant: whoever reads help or a table need not wait for what it loads.
    var serialization = new KubernetesSerialization();
    return format == Format.YAML
        ? serialization.asYaml(object)
        : serialization
                .convertValue(object, com.fasterxml.jackson.databind.JsonNode.class)
                .toPrettyString()
            + "\n";
  }

  String table(Table table, Terminal terminal) {
    return table.text(terminal, !noHeaders);
  }
}
