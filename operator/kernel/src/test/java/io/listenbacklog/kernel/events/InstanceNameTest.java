package io.listenbacklog.kernel.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InstanceNameTest {

  @Test
  void aNameTellsWhoseItIs() {
    var name = new InstanceName(71, 123456789012L, 3);

    assertThat(name.text()).isEqualTo("listen-backlog-operator.71.123456789012.3");
    assertThat(InstanceName.of(name.text())).contains(name);
  }

  @Test
  void instancesOfOthersAreNone() {
    assertThat(InstanceName.of("other.1.2.3")).isEmpty();
    assertThat(InstanceName.of("listen-backlog-operator.1.2")).isEmpty();
    assertThat(InstanceName.of("listen-backlog-operator.99999999999.2.3")).isEmpty();
  }
}
