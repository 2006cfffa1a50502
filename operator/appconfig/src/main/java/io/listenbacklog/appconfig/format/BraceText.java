package io.listenbacklog.appconfig.format;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Text of directives that end with a semicolon or hold a block in braces: nginx's and BIND's.
 * Blocks know what they stand in, so that nothing here is recursive.
 */
final class BraceText {

  /** The two ways in which such text is written. */
  enum Dialect {
    /**
     * A hash begins a comment, braces may be part of a word (src/core/ngx_conf_file.c,
     * ngx_conf_read_token), and blocks of OpenResty hold Lua.
     */
    NGINX,
    /** C's comments as well, braces are never part of a word, and blocks need no name. */
    BIND
  }

  /**
   * A block.
   *
   * @param opening the words before its brace
   * @param depth 1: it stands in no other
   * @param inside where its content begins, after the brace
   */
  record Block(List<Word> opening, @Nullable Block parent, int depth, int inside, int line) {
    String name() {
      return opening.isEmpty() ? "" : opening.getFirst().text();
    }

    /** The name of the block that this one is in at last. */
    String root() {
      Block block = this;
      for (Block parent = block.parent; parent != null; parent = block.parent) block = parent;
      return block.name();
    }
  }

  /** A directive, or what stands before a block. */
  record Directive(List<Word> words, @Nullable Block in, boolean opensBlock) {
    String name() {
      return words.getFirst().text();
    }

    int line() {
      return words.getFirst().line();
    }
  }

  private static final int MOST_DEPTH = 200;
  private static final String LUA = "_by_lua_block";

  private final String content;
  private final Dialect dialect;
  private final List<Directive> directives = new ArrayList<>();
  private final List<Block> blocks = new ArrayList<>();
  private final List<String> meaning = new ArrayList<>();

  private int at;
  private int line = 1;
  private List<Word> words = new ArrayList<>();
  private @Nullable Block block;

  private BraceText(String content, Dialect dialect) {
    this.content = content;
    this.dialect = dialect;
    this.at = Lines.startOf(content);
  }

  static BraceText parse(String content, Dialect dialect) throws Unreadable {
    var text = new BraceText(content, dialect);
    text.read();
    return text;
  }

  List<Directive> directives() {
    return directives;
  }

  List<Block> blocks() {
    return blocks;
  }

  List<String> meaning() {
    return meaning;
  }

  private void read() throws Unreadable {
    while (at < content.length()) {
      char character = content.charAt(at);
      if (character == '\n') {
        line++;
        at++;
      } else if (Lines.isBlank(character)) {
        at++;
      } else if (character == '#') {
        comment("\n");
      } else if (dialect == Dialect.BIND && content.startsWith("//", at)) {
        comment("\n");
      } else if (dialect == Dialect.BIND && content.startsWith("/*", at)) {
        comment("*/");
      } else if (character == ';') {
        end();
      } else if (character == '{') {
        open();
      } else if (character == '}') {
        close();
      } else {
        word();
      }
    }
    if (block != null) throw new Unreadable(block.line(), "this block has no end");
    if (!words.isEmpty()) throw new Unreadable(line, "a directive has no end");
  }

  private void comment(String ending) {
    int start = at;
    int end = content.indexOf(ending, start + (ending.equals("\n") ? 0 : 2));
    at = end < 0 ? content.length() : ending.equals("\n") ? end : end + ending.length();
    add(start, at);
    countLines(start, at);
  }

  private void end() throws Unreadable {
    if (words.isEmpty() && dialect == Dialect.NGINX) {
      throw new Unreadable(line, "a semicolon ends nothing");
    }
    if (!words.isEmpty()) directives.add(new Directive(List.copyOf(words), block, false));
    words = new ArrayList<>();
    meaning.add(";");
    at++;
  }

  private void open() throws Unreadable {
    if (words.isEmpty() && dialect == Dialect.NGINX) {
      throw new Unreadable(line, "a block has no name: perhaps it is a template");
    }
    if (!words.isEmpty()) directives.add(new Directive(List.copyOf(words), block, true));
    at++;
    int depth = block == null ? 1 : block.depth() + 1;
    if (depth > MOST_DEPTH) throw new Unreadable(line, "blocks are nested too deeply");
    block = new Block(List.copyOf(words), block, depth, at, line);
    blocks.add(block);
    meaning.add("{");
    boolean lua = dialect == Dialect.NGINX && block.name().endsWith(LUA);
    words = new ArrayList<>();
    if (lua) lua();
  }

  private void close() throws Unreadable {
    if (block == null) throw new Unreadable(line, "a block ends that does not begin");
    if (!words.isEmpty()) throw new Unreadable(line, "a directive has no end");
    block = block.parent();
    meaning.add("}");
    at++;
  }

  private void word() throws Unreadable {
    int start = at;
    int startsOn = line;
    char quote = content.charAt(at);
    boolean quoted = quote == '"' || (quote == '\'' && dialect == Dialect.NGINX);
    var text = new StringBuilder();
    if (quoted) at++;
    boolean ended = false;
    while (at < content.length() && !ended) {
      char character = content.charAt(at);
      if (character == '\\' && at + 1 < content.length()) {
        char next = content.charAt(at + 1);
        if (next == '\n') line++;
        text.append(character).append(next);
        at += 2;
      } else if (quoted) {
        ended = character == quote;
        if (character == '\n') line++;
        if (!ended) text.append(character);
        at++;
      } else if (endsWord(start)) {
        ended = true;
      } else {
        text.append(character);
        at++;
      }
    }
    if (quoted && !ended) throw new Unreadable(startsOn, "a quote has no end");
    if (quoted && at < content.length() && !mayFollowQuote()) {
      throw new Unreadable(line, "something follows a quote");
    }
    words.add(new Word(text.toString(), start, at, startsOn));
    add(start, at);
  }

  private boolean endsWord(int start) {
    char character = content.charAt(at);
    if (character == '\n' || Lines.isBlank(character) || character == ';') return true;
    if (dialect == Dialect.BIND) {
      return character == '{'
          || character == '}'
          || character == '"'
          || content.startsWith("//", at)
          || content.startsWith("/*", at);
    }
    // A brace after a dollar belongs to a variable.
    return character == '{' && !(at > start && content.charAt(at - 1) == '$');
  }

  private boolean mayFollowQuote() {
    char character = content.charAt(at);
    return dialect == Dialect.BIND
        || character == '\n'
        || Lines.isBlank(character)
        || character == ';'
        || character == '{'
        || character == ')';
  }

  /** Skips Lua up to the brace that ends the block, as OpenResty does: it is one word here. */
  private void lua() throws Unreadable {
    int start = at;
    int startsOn = line;
    int depth = 1;
    while (at < content.length()) {
      char character = content.charAt(at);
      if (content.startsWith("--", at)) {
        at += 2;
        int level = longBracket();
        if (level >= 0) {
          skipLongBracket(level);
        } else {
          int feed = content.indexOf('\n', at);
          at = feed < 0 ? content.length() : feed;
        }
      } else if (character == '[' && longBracket() >= 0) {
        skipLongBracket(longBracket());
      } else if (character == '"' || character == '\'') {
        skipLuaQuote(character);
      } else {
        if (character == '{') depth++;
        if (character == '}') depth--;
        if (depth == 0) {
          add(start, at);
          countLines(start, at);
          return;
        }
        at++;
      }
    }
    throw new Unreadable(startsOn, "this block has no end");
  }

  /** How many equals signs a long bracket that begins here has; -1: none begins here. */
  private int longBracket() {
    if (at >= content.length() || content.charAt(at) != '[') return -1;
    int end = at + 1;
    while (end < content.length() && content.charAt(end) == '=') end++;
    return end < content.length() && content.charAt(end) == '[' ? end - at - 1 : -1;
  }

  private void skipLongBracket(int level) {
    int end = content.indexOf("]" + "=".repeat(level) + "]", at + level + 2);
    at = end < 0 ? content.length() : end + level + 2;
  }

  private void skipLuaQuote(char quote) {
    at++;
    while (at < content.length() && content.charAt(at) != quote) {
      at += content.charAt(at) == '\\' ? 2 : 1;
    }
    at = Math.min(at + 1, content.length());
  }

  private void add(int start, int end) {
    meaning.add(content.substring(start, end));
  }

  private void countLines(int start, int end) {
    for (int i = start; i < end; i++) {
      if (content.charAt(i) == '\n') line++;
    }
  }
}
