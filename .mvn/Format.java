import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Holds the project's Java files to google-java-format: {@code check DIR} or {@code write DIR}. */
class Format {
  public static void main(String[] args) throws IOException {
    boolean write = args[0].equals("write");
    var differing = new ArrayList<Path>();
    for (Path file : javaFiles(Path.of(args[1]))) {
      String is = Files.readString(file);
      String should = formatted(file, is);
      if (is.equals(should)) continue;
      differing.add(file);
      if (write) Files.writeString(file, should);
    }
    differing.forEach(file -> System.err.println((write ? "formatted " : "not formatted: ") + file));
    if (!write && !differing.isEmpty()) {
      System.err.println("run: mvn -N validate -Dformat=write");
      System.exit(1);
    }
  }

  static List<Path> javaFiles(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java") && !file.toString().contains("/target/"))
          .sorted()
          .toList();
    }
  }

  static String formatted(Path file, String source) throws IOException {
    try {
      String ordered = ImportOrderer.reorderImports(RemoveUnusedImports.removeUnusedImports(source), Style.GOOGLE);
      return new Formatter().formatSource(ordered);
    } catch (FormatterException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }
}
