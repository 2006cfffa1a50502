package io.listenbacklog.catalogue;

import java.util.Arrays;
import java.util.List;

/** The backlogs by which an application is recognised. */
sealed interface Asked {

  /** Whatever it is. */
  record Anything() implements Asked {}

  /** As much as there was: what net.core.somaxconn was when it listened. */
  record Somaxconn() implements Asked {}

  /** One of some numbers, not clamped by somaxconn. */
  record Numbers(List<Integer> numbers) implements Asked {
    public Numbers {
      numbers = List.copyOf(numbers);
    }
  }

  /** Such as {@code 511}, {@code 3,4}, {@code somaxconn} or {@code *}. */
  static Asked parse(String column) {
    if (column.equals("*")) return new Anything();
    if (column.equals("somaxconn")) return new Somaxconn();
    return new Numbers(Arrays.stream(column.split(",")).map(Integer::valueOf).toList());
  }

  default boolean has(Listened listened) {
    return switch (this) {
      case Anything() -> true;
      case Somaxconn() -> listened.capped();
      case Numbers(var numbers) -> !listened.capped() && numbers.contains(listened.backlog());
    };
  }
}
