package io.listenbacklog.controller.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.listenbacklog.controller.appconfig.AppConfigSettings;
import io.listenbacklog.policy.resolve.limit.Limits;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControllerSettingsTest {
  private static final Map<String, String> LEAST =
      Map.of("POD_NAMESPACE", "operator", "POD_NAME", "controller-1");

  @Test
  void onlyNamespaceAndNameAreNeeded() {
    assertThat(ControllerSettings.of(LEAST))
        .isEqualTo(
            new ControllerSettings(
                "operator",
                "controller-1",
                "listen-backlog-controller",
                "",
                8080,
                8081,
                false,
                50,
                Limits.DEFAULT,
                AppConfigSettings.OFF,
                1,
                "",
                Duration.ofMinutes(2)));
  }

  @Test
  void whatIsNeededAndMissingIsNamed() {
    assertThatThrownBy(() -> ControllerSettings.of(Map.of("POD_NAME", "controller-1")))
        .hasMessage("POD_NAMESPACE is not set");
    assertThatThrownBy(() -> ControllerSettings.of(with("POD_NAME", " ")))
        .hasMessage("POD_NAME is not set");
  }

  @ParameterizedTest
  @ValueSource(strings = {"65536", "-1", "http", "80 ", "99999999999"})
  void aBadNumberIsNamedWithItsRange(String port) {
    assertThatThrownBy(() -> ControllerSettings.of(with("HTTP_PORT", port)))
        .hasMessage("HTTP_PORT must be a number from 0 to 65535, but is \"" + port + "\"");
  }

  @ParameterizedTest
  @CsvSource({"Enforce,ENFORCE", "Observe,OBSERVE", "Ignore,IGNORE"})
  void limitsAreReadAsTheChartWritesThem(String text, Limits.Annotations annotations) {
    var environment = with("LIMITS_ANNOTATIONS", text);
    environment.put("LIMITS_MAX_BACKLOG", "1024");
    assertThat(ControllerSettings.of(environment).limits())
        .isEqualTo(new Limits(1024, annotations));
  }

  @Test
  void aBadLimitIsNamedWithWhatItMayBe() {
    assertThatThrownBy(() -> ControllerSettings.of(with("LIMITS_MAX_BACKLOG", "65536")))
        .hasMessage("LIMITS_MAX_BACKLOG must be a number from 1 to 65535, but is \"65536\"");
    assertThatThrownBy(() -> ControllerSettings.of(with("LIMITS_ANNOTATIONS", "enforce")))
        .hasMessage("LIMITS_ANNOTATIONS must be Enforce, Observe or Ignore, but is \"enforce\"");
  }

  @Test
  void changesOfWorkloadsAreReadAsTheChartWritesThem() {
    var environment = with("APP_CONFIG_ENABLED", "true");
    environment.put("APP_CONFIG_NAMESPACES", "shop,web");
    environment.put("APP_CONFIG_MAX_CONCURRENT", "3");
    assertThat(ControllerSettings.of(environment).appConfig())
        .isEqualTo(new AppConfigSettings(true, List.of("shop", "web"), 3));
  }

  private static Map<String, String> with(String name, String value) {
    var environment = new HashMap<>(LEAST);
    environment.put(name, value);
    return environment;
  }
}
