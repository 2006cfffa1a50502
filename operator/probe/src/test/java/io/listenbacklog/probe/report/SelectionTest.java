package io.listenbacklog.probe.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.PodReference;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectionTest {
  /** JSON of one thing whose text has ten characters, and a comma. */
  private static final int BYTES = "{\"text\":\"0123456789\"}".length() + 1;

  private static final FairShares PLENTY = new FairShares(10, 10, 1_000, 10, 1_000);

  private record Thing(String text) {}

  private final Selection<Thing> two =
      new Selection<>(
          PLENTY,
          _ -> new PodReference("uid", "namespace", "pod"),
          Comparator.comparing(Thing::text),
          2 * BYTES);

  @Test
  void whatIsToldOnceMoreIsTheSameObject() {
    var first = thing('a');
    assertThat(select(first)).containsExactly(first);

    assertThat(select(thing('a'), thing('b')).getFirst()).isSameAs(first);
    assertThat(select(thing('a')).getFirst()).isSameAs(first);
  }

  @Test
  void whatWasNotToldInBetweenIsForgotten() {
    var first = thing('a');
    select(first);
    select();

    assertThat(select(thing('a')).getFirst()).isEqualTo(first).isNotSameAs(first);
  }

  @Test
  void whatIsRememberedTakesAsMuchRoomAsWhatIsNew() {
    select(thing('a'), thing('b'));

    assertThat(select(thing('a'), thing('b'), thing('c'))).containsOnly(thing('a'), thing('b'));
  }

  @Test
  void whatHasGrownTakesTheRoomThatItTakesNow() {
    select(thing('a'), thing('b'));

    assertThat(select(thing('a'), new Thing("b".repeat(11)))).containsOnly(thing('a'));
  }

  @Test
  void whatIsTakenIsTakenFromTheWholeStatus() {
    var status = new StatusBudget(BYTES + 1);

    assertThat(two.of(List.of(thing('a'), thing('b')), status)).containsOnly(thing('a'));
    assertThat(status.left()).isEqualTo(1);
  }

  private List<Thing> select(Thing... things) {
    return two.of(List.of(things), new StatusBudget(1_000));
  }

  private static Thing thing(char name) {
    return new Thing(String.valueOf(name).repeat(10));
  }
}
