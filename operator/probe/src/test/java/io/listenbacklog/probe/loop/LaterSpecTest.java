package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Condition;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A controller of a later version asks one pod for something that this probe does not know. */
class LaterSpecTest {
  @TempDir private Path folder;
  private Node node;
  private Node.Server strange;
  private Node.Server usual;

  @BeforeEach
  void twoPods() {
    node = new Node(folder);
    strange = node.server(5);
    usual = node.server(5);
  }

  private Condition visibility() {
    return node.status().capabilities().stream()
        .filter(each -> each.type().equals("Visibility"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatIsAskedOfOthersHolds() {
    node.specOfALaterVersion(enforce(strange).policy("new"), enforce(usual).policy("old"));

    assertThat(usual.backlog()).isEqualTo(64);
    assertThat(strange.backlog()).isEqualTo(5);
  }

  @Test
  void itIsToldAndCounted() {
    node.specOfALaterVersion(enforce(strange).policy("new"), enforce(usual).policy("old"));

    assertThat(visibility().status()).isEqualTo("False");
    assertThat(visibility().message())
        .contains("shop/pod-1: what is asked for it is not understood by this version", "Dance");
    assertThat(node.status().policies())
        .filteredOn(each -> each.policy().name().equals("new"))
        .singleElement()
        .satisfies(
            counts -> {
              assertThat(counts.pods()).isEqualTo(1);
              assertThat(counts.listeners().unobservable()).isEqualTo(1);
            });
  }

  @Test
  void whatWasRaisedForItStaysUntilItIsUnderstood() {
    strange.namespace().somaxconn(50);
    node.spec(enforce(strange), enforce(usual));
    assertThat(strange.backlog()).isEqualTo(64);

    node.specOfALaterVersion(enforce(strange), enforce(usual));
    node.listing();
    node.listing();
    assertThat(strange.backlog()).isEqualTo(64);
    assertThat(strange.namespace().somaxconn()).isEqualTo(64);
    assertThat(node.remedy(strange.socket()).original()).isEqualTo(5);

    node.spec(enforce(usual));
    node.listing();
    assertThat(strange.backlog()).isEqualTo(5);
    assertThat(strange.namespace().somaxconn()).isEqualTo(50);
  }

  @Test
  void norDoesARestartPutItBack() {
    node.spec(enforce(strange), enforce(usual));
    var status = node.status();
    node.restart();
    node.specOfALaterVersion(enforce(strange), enforce(usual));
    node.listing();

    assertThat(status.listeners()).hasSize(2);
    assertThat(strange.backlog()).isEqualTo(64);
  }
}
