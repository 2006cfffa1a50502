package io.listenbacklog.policy.event.kind;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.catalogue.Catalogue;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who looks for an Event finds its class by its name. */
class EventKindTest {
  private static final Path EVENTS = Path.of("../../docs/events.md");

  @Test
  void anEventsClassIsNamedAsItsReason() throws ReflectiveOperationException {
    for (Class<?> kind : kinds(EventKind.class).toList()) {
      assertThat(one(kind).reason()).isEqualTo(kind.getSimpleName());
    }
  }

  @Test
  void eachReasonHasItsClass() {
    assertThat(kinds(EventKind.class).map(Class::getSimpleName))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(EventReasons.class.getFields()).map(EventKindTest::value).toList());
  }

  @Test
  void eachListenersEventIsAskedAfter() {
    assertThat(ListenerEvent.all(new Explanations(Catalogue.standard())))
        .<Class<?>>extracting(Object::getClass)
        .containsExactlyInAnyOrder(ListenerEvent.class.getPermittedSubclasses());
  }

  /** The first word of its paragraph in docs/events.md. */
  @Test
  void theTypeIsAsDocumented() throws Exception {
    String events = Files.readString(EVENTS);
    for (Class<?> kind : kinds(EventKind.class).toList()) {
      assertThat(events)
          .containsPattern("### %s\n\n%s[.,]".formatted(kind.getSimpleName(), one(kind).type()));
    }
  }

  private static EventKind one(Class<?> kind) throws ReflectiveOperationException {
    var constructor = kind.getDeclaredConstructors()[0];
    return (EventKind)
        (constructor.getParameterCount() == 0
            ? constructor.newInstance()
            : constructor.newInstance(new Explanations(Catalogue.standard())));
  }

  private static Stream<Class<?>> kinds(Class<?> of) {
    return of.isSealed()
        ? List.of(of.getPermittedSubclasses()).stream().flatMap(EventKindTest::kinds)
        : Stream.of(of);
  }

  private static String value(Field constant) {
    try {
      return (String) constant.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(constant.toString(), e);
    }
  }
}
