package io.listenbacklog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpositionTest {
  private static List<ListenerFigures> read(String text, int bytesAtATime) throws IOException {
    var in =
        new ByteArrayInputStream(text.getBytes(UTF_8)) {
          @Override
          public int read(byte[] to, int from, int most) {
            return super.read(to, from, Math.min(most, bytesAtATime));
          }
        };
    var all = new ArrayList<ListenerFigures>();
    Exposition.read(in, "node-1", (namespace, _) -> namespace.equals("shop"), all::add);
    return all;
  }

  /** As a network cuts it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1 << 20})
  void whatArrivesInPiecesIsReadAsAWhole(int bytesAtATime) throws IOException {
    String text =
        FakeApi.probe(
            FakeApi.listener("shop", "größe", 1, 128, 5, 60, 7),
            FakeApi.listener("other", "b", 2, 5, 6, 6, 9));

    var read = read(text.stripTrailing(), bytesAtATime);

    assertThat(read).hasSize(1);
    assertThat(read.getFirst())
        .returns("größe", ListenerFigures::pod)
        .returns(128L, ListenerFigures::limit)
        .returns(5L, ListenerFigures::queue)
        .returns(7L, ListenerFigures::overflows)
        .returns(7300.5, ListenerFigures::watchedSeconds);
  }

  @Test
  void numbersAreReadInEachFormThatPrometheusHas() throws IOException {
    String labels = "{namespace=\"shop\",pod=\"a\",socket=\"1\"} ";
    String text =
        """
        listenbacklog_listener_backlog%1$s4.096e+03
        listenbacklog_listener_stalled_seconds%1$s12.5
        listenbacklog_listener_queue_memory_limit_bytes%1$s12345678901234567890
        listenbacklog_listener_queue_connections%1$s
        listenbacklog_listener_queue_peak_connections%1$sNaNa
        """
            .formatted(labels);

    var read = read(FakeApi.probe(text), 1 << 20).getFirst();

    assertThat(read.limit()).isEqualTo(4096);
    assertThat(read.stalledSeconds()).isEqualTo(12.5);
    assertThat(read.memoryBytes()).isEqualTo(Long.MAX_VALUE);
    assertThat(read.queue()).isNull();
    assertThat(read.peak()).isNull();
  }

  @Test
  void aLineThatIsTooLongIsPassedOverAndTheNextIsRead() throws IOException {
    String endless = FakeApi.listener("shop", "x".repeat(70_000), 1, 5, 6, 6, 9);

    var read = read(FakeApi.probe(endless, FakeApi.listener("shop", "a", 2, 5, 6, 6, 9)), 1 << 20);

    assertThat(read).singleElement().returns("a", ListenerFigures::pod);
  }

  @Test
  void whatIsNoProbesTextIsNotTakenForOne() {
    assertThatThrownBy(() -> read("go_goroutines 7\n", 1 << 20))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not a probe's metrics");
  }
}
