package io.listenbacklog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.cli.InstalledLimits.Known;
import io.listenbacklog.cli.InstalledLimits.NotKnown;
import io.listenbacklog.policy.resolve.limit.Limits;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstalledLimitsTest {

  @Test
  void theyStandInTheEnvironmentOfTheController() {
    var controller =
        Given.controller(
            "{name: HTTP_PORT, value: '8080'}, {name: LIMITS_MAX_BACKLOG, value: '1024'},"
                + " {name: LIMITS_ANNOTATIONS, value: Observe}");

    assertThat(InstalledLimits.of(List.of(controller)))
        .isEqualTo(new Known(new Limits(1024, Limits.Annotations.OBSERVE)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{name: LIMITS_MAX_BACKLOG, value: '1024'}",
        "{name: LIMITS_MAX_BACKLOG, value: many}, {name: LIMITS_ANNOTATIONS, value: Observe}",
        "{name: LIMITS_MAX_BACKLOG, value: '0'}, {name: LIMITS_ANNOTATIONS, value: Observe}",
        "{name: LIMITS_MAX_BACKLOG, value: '1024'}, {name: LIMITS_ANNOTATIONS, value: observe}",
        "{name: LIMITS_MAX_BACKLOG, valueFrom: {configMapKeyRef: {name: limits, key: most}}},"
            + " {name: LIMITS_ANNOTATIONS, value: Observe}",
      })
  void whatDoesNotStandThereIsNotKnown(String environment) {
    assertThat(InstalledLimits.of(List.of(Given.controller(environment))))
        .isEqualTo(new NotKnown("Deployment operator/controller does not say them"));
  }

  @Test
  void ofTwoControllersNobodyKnowsWhichWrites() {
    assertThat(InstalledLimits.of(List.of(Given.controller(""), Given.controller(""))))
        .isEqualTo(new NotKnown("2 Deployments have the labels of the controller"));
    assertThat(InstalledLimits.of(List.of()))
        .isEqualTo(new NotKnown("0 Deployments have the labels of the controller"));
  }
}
