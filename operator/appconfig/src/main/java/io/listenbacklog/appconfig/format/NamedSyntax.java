package io.listenbacklog.appconfig.format;

import io.listenbacklog.appconfig.format.BraceText.Block;
import io.listenbacklog.appconfig.format.BraceText.Dialect;
import java.util.List;

/** BIND's named.conf: {@code tcp-listen-queue} of its options. */
final class NamedSyntax implements Syntax {
  static final String PATH = "options tcp-listen-queue";
  private static final String OPTIONS = "options";
  private static final String QUEUE = "tcp-listen-queue";

  static boolean isPath(String path) {
    return path.startsWith(OPTIONS)
        && path.endsWith(QUEUE)
        && path.substring(OPTIONS.length(), path.length() - QUEUE.length()).isBlank();
  }

  @Override
  public Place find(String content, String path) throws Unreadable {
    var text = BraceText.parse(content, Dialect.BIND);
    var options =
        text.blocks().stream()
            .filter(block -> block.parent() == null && block.name().equals(OPTIONS))
            .toList();
    if (options.size() > 1) {
      return new Place.Unclear(options.get(1).line(), "options is there more than once");
    }
    if (options.isEmpty()) return missing(text);
    var inside =
        text.directives().stream()
            .filter(directive -> options.getFirst().equals(directive.in()))
            .toList();
    var queues = inside.stream().filter(each -> each.name().equals(QUEUE)).toList();
    if (queues.size() > 1) {
      return new Place.Unclear(queues.get(1).line(), QUEUE + " is there more than once");
    }
    if (queues.size() == 1) {
      var words = queues.getFirst().words();
      return words.size() == 2
          ? words.get(1).value(content, "")
          : new Place.Unclear(queues.getFirst().line(), QUEUE + " has not one value");
    }
    for (var directive : inside) {
      if (directive.name().equals("include")) {
        return new Place.Unclear(directive.line(), "perhaps it is in what this line includes");
      }
    }
    return gap(content, options.getFirst());
  }

  @Override
  public List<String> meaning(String content, String path) throws Unreadable {
    return BraceText.parse(content, Dialect.BIND).meaning();
  }

  private static Place missing(BraceText text) {
    return text.directives().stream()
        .filter(directive -> directive.name().equals("include"))
        .findFirst()
        .map(
            directive ->
                new Place.Unclear(
                    directive.line(),
                    "no options are in this file, but perhaps in what this line includes"))
        .orElse(new Place.Unclear(0, "no options are in the file"));
  }

  private static Place gap(String content, Block options) {
    String lineBreak = Lines.breakOf(content);
    int line = Lines.numberAt(content, options.inside());
    return content.indexOf('\n', options.inside()) < 0
        ? new Place.Gap(options.inside(), " " + QUEUE + " ", ";", line)
        : new Place.Gap(options.inside(), lineBreak + "\t" + QUEUE + " ", ";", line + 1);
  }
}
