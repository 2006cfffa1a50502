package io.listenbacklog.controller.appconfig;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.listenbacklog.appconfig.plan.Memory;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@link Memory} as an annotation. */
final class Memories {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** Empty: there is none, or somebody wrote something else there. */
  static Optional<Memory> read(@Nullable String annotation) {
    if (annotation == null) return Optional.empty();
    try {
      return Optional.ofNullable(JSON.readValue(annotation, Memory.class))
          .filter(Memories::isWhole);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Jackson leaves null what is absent, whatever the types say. */
  @SuppressWarnings("ConstantValue")
  private static boolean isWhole(Memory memory) {
    return memory.policy() != null
        && memory.policy().uid() != null
        && memory.stage() != null
        && memory.since() != null
        && memory.template() != null
        && memory.message() != null;
  }

  static String write(Memory memory) {
    try {
      return JSON.writeValueAsString(memory);
    } catch (JsonProcessingException e) {
      throw new AssertionError("records can be written", e);
    }
  }

  /** Whether it is small enough to be left on an object. */
  static boolean fits(Memory memory) {
    return write(memory).getBytes(UTF_8).length <= Memory.MOST_BYTES;
  }

  private Memories() {}
}
