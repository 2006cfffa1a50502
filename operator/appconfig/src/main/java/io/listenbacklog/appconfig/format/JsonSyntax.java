package io.listenbacklog.appconfig.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.listenbacklog.appconfig.format.TreePart.End;
import io.listenbacklog.appconfig.format.TreePart.MappingStart;
import io.listenbacklog.appconfig.format.TreePart.Scalar;
import io.listenbacklog.appconfig.format.TreePart.SequenceStart;
import io.listenbacklog.appconfig.format.TreeSearch.Found;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** JSON, one value. */
final class JsonSyntax implements Syntax {
  private static final JsonFactory JSON = new JsonFactory();

  @Override
  public Place find(String content, String text) throws Unreadable {
    var path = TreePath.of(text);
    var search = new TreeSearch(path);
    read(content, (parser, token) -> search.see(part(content, parser, token)));
    return switch (search.result()) {
      case Found.At(var value) -> new Place.Value(value.start(), value.end(), value.line());
      case Found.Unclear(int line, String reason) -> new Place.Unclear(line, reason);
      case Found.Nothing() -> new Place.Unclear(0, "nothing is in the file");
      case Found.Missing missing -> gap(content, path, missing);
    };
  }

  @Override
  public List<String> meaning(String content, String path) throws Unreadable {
    var meaning = new ArrayList<String>();
    read(content, (parser, token) -> meaning.add(token + " " + parser.getText()));
    return meaning;
  }

  private static Place gap(String content, TreePath path, Found.Missing missing) throws Unreadable {
    int inside = missing.mapping().inside();
    int first = inside;
    while (first < content.length()
        && (content.charAt(first) == '\n' || Lines.isBlank(content.charAt(first)))) {
      first++;
    }
    // The white space before the first member, which the new one takes over.
    String space = content.substring(inside, first);
    boolean ownLine = !missing.empty() && space.indexOf('\n') >= 0;
    var before = new StringBuilder(ownLine ? space : "");
    var after = new StringBuilder();
    for (int step = missing.steps(); step < path.steps().size(); step++) {
      if (!(path.steps().get(step) instanceof TreePath.Key(var name)) || !KeyValues.isPlain(name)) {
        throw new Unreadable(0, "a key or a list that the path has is not there");
      }
      before.append(step > missing.steps() ? "{" : "").append('"').append(name).append("\": ");
      after.append(step > missing.steps() ? "}" : "");
    }
    if (!missing.empty()) after.append(ownLine ? "," : ", ");
    return new Place.Gap(
        inside,
        before.toString(),
        after.toString(),
        Lines.numberAt(content, ownLine ? first : inside));
  }

  private interface Reader {
    void see(JsonParser parser, JsonToken token) throws IOException;
  }

  private static void read(String content, Reader reader) throws Unreadable {
    int roots = 0;
    int depth = 0;
    try (var parser = JSON.createParser(content.substring(Lines.startOf(content)))) {
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (depth == 0 && ++roots > 1) {
          throw new Unreadable(
              parser.currentTokenLocation().getLineNr(), "more than one value is in the file");
        }
        if (token.isStructStart()) depth++;
        if (token.isStructEnd()) depth--;
        reader.see(parser, token);
      }
    } catch (JsonProcessingException e) {
      var location = e.getLocation();
      throw new Unreadable(location == null ? 0 : location.getLineNr(), "it is no JSON");
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a string has none
    }
  }

  private static TreePart part(String content, JsonParser parser, JsonToken token)
      throws IOException {
    var location = parser.currentTokenLocation();
    int start = (int) location.getCharOffset() + Lines.startOf(content);
    int line = location.getLineNr();
    return switch (token) {
      case START_OBJECT -> new MappingStart(start + 1, true, false, line);
      case START_ARRAY -> new SequenceStart(false, line);
      case END_OBJECT, END_ARRAY -> new End(line);
      default -> {
        String text = parser.getText();
        int inside = token == JsonToken.VALUE_STRING ? start + 1 : start;
        yield new Scalar(
            text, inside, inside + text.length(), content.startsWith(text, inside), line);
      }
    };
  }
}
