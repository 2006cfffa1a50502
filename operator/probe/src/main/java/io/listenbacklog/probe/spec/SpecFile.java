package io.listenbacklog.probe.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The last spec, beside the journal: a probe that starts while the API is away goes on with it,
 * instead of doing nothing until somebody is back.
 */
public final class SpecFile {
  private static final String NAME = "spec.json";

  private final Path folder;
  private final String bootId;
  private final ObjectMapper json;

  public SpecFile(Path folder, String bootId, ObjectMapper json) {
    this.folder = folder;
    this.bootId = bootId;
    this.json = json;
  }

  /**
   * Replaces what was kept.
   *
   * @param spec as the API server has it: what this probe does not understand the next one may
   */
  public void keep(String objectUid, long generation, JsonNode spec) throws IOException {
    Path next = folder.resolve(NAME + ".new");
    Files.write(next, json.writeValueAsBytes(new Kept(bootId, objectUid, generation, spec)));
    Files.move(next, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
  }

  /** What was kept; empty where nothing was, or in another boot. */
  public Optional<NodeSpec> read() throws IOException {
    try {
      var kept = json.readValue(Files.readAllBytes(folder.resolve(NAME)), Kept.class);
      if (!bootId.equals(kept.bootId)) return Optional.empty();
      return Optional.of(
          NodeSpec.of(kept.objectUid, kept.generation, SpecReading.read(kept.spec, json)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private record Kept(String bootId, String objectUid, long generation, JsonNode spec) {}
}
