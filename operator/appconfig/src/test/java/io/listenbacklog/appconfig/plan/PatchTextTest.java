package io.listenbacklog.appconfig.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PatchTextTest {
  @Test
  void aVolumeOfAConfigMapIsGivenAnother() {
    assertThat(PatchText.of(List.of(new Change.Reference("conf", -1, "web", "web-1a2b")), Map.of()))
        .isEqualTo(
            """
            spec:
              template:
                spec:
                  volumes:
                  - name: conf
                    configMap:
                      name: web-1a2b
            """);
  }

  /** Such a volume cannot be a ConfigMap as well: a patch that says so is refused. */
  @Test
  void aSourceOfAProjectedVolumeIsNamed() {
    assertThat(PatchText.of(List.of(new Change.Reference("conf", 1, "web", "web-1a2b")), Map.of()))
        .isEqualTo(
            "# in the sources of the projected volume conf: ConfigMap web-1a2b instead of web\n");
  }
}
