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

  /** A second list of the same name would take the place of the first. */
  @Test
  void aContainerHasEachListOnce() {
    var changes =
        List.<Change>of(
            new Change.Env("web", "A", null, "1"),
            new Change.NewMount("web", "conf", "/etc/web"),
            new Change.Env("web", "B", null, "2"),
            new Change.Args("web", "-a", List.of(), List.of(), List.of(), List.of("-a", "1")),
            new Change.Args(
                "web", "-b", List.of(), List.of("-a", "1"), List.of(), List.of("-a", "1", "-b")));

    assertThat(PatchText.of(changes, Map.of()))
        .isEqualTo(
            """
            spec:
              template:
                spec:
                  containers:
                  - name: web
                    env:
                    - name: A
                      value: "1"
                    - name: B
                      value: "2"
                    volumeMounts:
                    - name: conf
                      mountPath: /etc/web
                      readOnly: true
                    args:
                    - "-a"
                    - "1"
                    - "-b"
            """);
  }

  @Test
  void namesThatYamlTakesForSomethingElseAreInQuotes() {
    var changes =
        List.<Change>of(
            new Change.Env("123", "NO", null, "1"), new Change.Reference("1e3", -1, "web", "0x1"));

    assertThat(PatchText.of(changes, Map.of()))
        .contains("- name: \"123\"\n", "- name: \"NO\"\n", "- name: \"1e3\"\n")
        .contains("name: \"0x1\"\n");
  }

  /** Such a volume cannot be a ConfigMap as well: a patch that says so is refused. */
  @Test
  void aSourceOfAProjectedVolumeIsNamed() {
    assertThat(PatchText.of(List.of(new Change.Reference("conf", 1, "web", "web-1a2b")), Map.of()))
        .isEqualTo(
            "# in the sources of the projected volume conf: ConfigMap web-1a2b instead of web\n");
  }
}
