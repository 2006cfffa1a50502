package io.listenbacklog.host;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.listenbacklog.api.NodeBacklogStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was said, beside the journal, so that a watch that is started anew says nothing twice. On a
 * node these are the status and the Events.
 *
 * @param bootId of the kernel: listeners of another boot are gone
 * @param status the last one; null: none yet
 * @param said names of what was said, each with when it was seen last and whether it had ended
 */
record Told(String bootId, @Nullable NodeBacklogStatus status, Map<String, Said> said) {
  private static final String NAME = "told.json";

  /** One of them. */
  record Said(Instant last, boolean ended) {}

  Told {
    said = said == null ? Map.of() : new TreeMap<>(said);
  }

  /** What an earlier watch of this boot left in a folder; nothing where there was none. */
  static Told read(Path folder, String bootId, ObjectMapper json) throws IOException {
    try {
      var told = json.readValue(Files.readAllBytes(folder.resolve(NAME)), Told.class);
      if (bootId.equals(told.bootId)) return told;
    } catch (NoSuchFileException e) {
      // The first one.
    } catch (JsonProcessingException e) {
      // Not ours, or of another version: something is said twice.
    }
    return new Told(bootId, null, Map.of());
  }

  void write(Path folder, ObjectMapper json) throws IOException {
    var next = folder.resolve(NAME + ".new");
    Files.write(next, json.writeValueAsBytes(this));
    Files.move(next, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
  }
}
