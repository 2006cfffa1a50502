package io.listenbacklog.appconfig.format;

import io.listenbacklog.appconfig.format.TreePart.Alias;
import io.listenbacklog.appconfig.format.TreePart.End;
import io.listenbacklog.appconfig.format.TreePart.MappingStart;
import io.listenbacklog.appconfig.format.TreePart.Scalar;
import io.listenbacklog.appconfig.format.TreePart.SequenceStart;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The search for a path in a tree, one pass over its parts with a stack of its own. */
final class TreeSearch {
  private static final int ELSEWHERE = -1;
  private static final String MERGE = "<<";

  /** What was found. */
  sealed interface Found {
    record At(Scalar value) implements Found {}

    /**
     * A mapping that lacks the rest of the path.
     *
     * @param steps how many of its steps lead to this mapping
     */
    record Missing(MappingStart mapping, boolean empty, int steps) implements Found {}

    /** There is nothing at all. */
    record Nothing() implements Found {}

    record Unclear(int line, String reason) implements Found {}
  }

  /** A mapping or list that has begun and not ended. */
  private static final class Frame {
    final TreePart start;

    /** How many steps of the path lead here, or {@link #ELSEWHERE}. */
    final int steps;

    int index;
    boolean expectsKey;
    @Nullable String key;
    boolean found;

    Frame(TreePart start, int steps) {
      this.start = start;
      this.steps = steps;
      this.expectsKey = start instanceof MappingStart;
    }
  }

  private final TreePath path;
  private final List<Frame> frames = new ArrayList<>();
  private @Nullable Found result;
  private @Nullable Found missing;
  private @Nullable Found unclear;

  TreeSearch(TreePath path) {
    this.path = path;
  }

  Found result() {
    if (unclear != null) return unclear;
    if (result != null) return result;
    return missing == null ? new Found.Nothing() : missing;
  }

  void see(TreePart part) {
    if (part instanceof End) {
      end();
      return;
    }
    Frame frame = frames.isEmpty() ? null : frames.getLast();
    int steps;
    if (frame == null) {
      steps = 0;
    } else if (frame.expectsKey) {
      key(frame, part);
      steps = ELSEWHERE;
    } else {
      steps = stepsTo(frame);
      if (frame.start instanceof MappingStart) {
        frame.expectsKey = true;
      } else {
        frame.index++;
      }
    }
    if (steps >= 0) reached(part, steps, frame);
    if (part instanceof MappingStart || part instanceof SequenceStart) {
      frames.add(new Frame(part, steps < path.steps().size() ? steps : ELSEWHERE));
    }
  }

  private void key(Frame frame, TreePart part) {
    frame.expectsKey = false;
    frame.index++;
    frame.key = part instanceof Scalar(var text, _, _, _, _) ? text : null;
    if (frame.steps < 0 || frame.key == null) return;
    if (!(path.steps().get(frame.steps) instanceof TreePath.Key(var name))) return;
    String key = frame.key;
    if (key.equals(name)) {
      if (frame.found) refuse(part.line(), "this key is there more than once");
      frame.found = true;
    } else if (KeyValues.relaxed(key).equals(KeyValues.relaxed(name))
        || isDotted(key, path.dottedFrom(frame.steps))) {
      missing = new Found.Unclear(part.line(), "this key may be the same: the path must name it");
    } else if (key.equals(MERGE) && missing == null) {
      missing = new Found.Unclear(part.line(), "what is merged here may have it");
    }
  }

  private static boolean isDotted(String key, String rest) {
    return key.indexOf('.') > 0 && (rest.equals(key) || rest.startsWith(key + "."));
  }

  private int stepsTo(Frame frame) {
    if (frame.steps < 0) return ELSEWHERE;
    TreePath.Step step = path.steps().get(frame.steps);
    boolean leads =
        switch (step) {
          case TreePath.Key(var name) ->
              frame.start instanceof MappingStart && name.equals(frame.key);
          case TreePath.Element(var index) ->
              frame.start instanceof SequenceStart && index == frame.index;
        };
    return leads ? frame.steps + 1 : ELSEWHERE;
  }

  private void reached(TreePart part, int steps, @Nullable Frame frame) {
    boolean last = steps == path.steps().size();
    switch (part) {
      case Scalar scalar when last && scalar.plain() -> result = new Found.At(scalar);
      case Scalar scalar when last ->
          refuse(scalar.line(), "its value is written in a way that cannot be kept");
      case Scalar scalar when frame == null && scalar.text().isEmpty() -> {}
      case Scalar scalar -> refuse(scalar.line(), "this has a single value, not more of the path");
      case Alias(var line) -> refuse(line, "this is a reference to what stands elsewhere");
      case MappingStart mapping when last -> refuse(mapping.line(), "its value is a mapping");
      case SequenceStart sequence when last -> refuse(sequence.line(), "its value is a list");
      case MappingStart mapping when mapping.shared() ->
          refuse(mapping.line(), "this has an anchor or a tag: more than one place may be meant");
      case SequenceStart sequence when sequence.shared() ->
          refuse(sequence.line(), "this has an anchor or a tag: more than one place may be meant");
      case MappingStart mapping -> {
        if (!(path.steps().get(steps) instanceof TreePath.Key)) {
          refuse(mapping.line(), "this is a mapping, and the path has an element of a list");
        }
      }
      case SequenceStart sequence -> {
        if (!(path.steps().get(steps) instanceof TreePath.Element)) {
          refuse(sequence.line(), "this is a list, and the path has a key");
        }
      }
      case End _ -> {}
    }
  }

  private void end() {
    Frame frame = frames.removeLast();
    if (frame.steps < 0 || result != null || missing != null) return;
    if (frame.start instanceof MappingStart mapping && !frame.found) {
      missing = new Found.Missing(mapping, frame.index == 0, frame.steps);
    } else if (frame.start instanceof SequenceStart sequence
        && path.steps().get(frame.steps) instanceof TreePath.Element(var index)
        && index >= frame.index) {
      missing = new Found.Unclear(sequence.line(), "this list has not so many elements");
    }
  }

  private void refuse(int line, String reason) {
    if (unclear == null) unclear = new Found.Unclear(line, reason);
  }
}
