package io.listenbacklog.appconfig.format;

import io.listenbacklog.appconfig.format.BraceText.Block;
import io.listenbacklog.appconfig.format.BraceText.Dialect;
import io.listenbacklog.appconfig.format.BraceText.Directive;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** nginx: {@code backlog=} of a listen directive. BIND's path is handed on. */
final class NginxSyntax implements Syntax {
  private static final String BACKLOG = "backlog=";

  /**
   * Parameters that nginx takes from one directive of an address alone: "duplicate listen options"
   * (src/http/ngx_http.c, ngx_http_add_addresses, lsopt.set).
   */
  private static final Set<String> SOCKET_OPTIONS =
      Set.of("bind", "deferred", "reuseport", "multipath");

  private static final List<String> SOCKET_SETTINGS =
      List.of(
          BACKLOG,
          "setfib=",
          "fastopen=",
          "rcvbuf=",
          "sndbuf=",
          "accept_filter=",
          "ipv6only=",
          "so_keepalive=");

  private final NamedSyntax named = new NamedSyntax();

  @Override
  public Place find(String content, String path) throws Unreadable {
    if (NamedSyntax.isPath(path)) return named.find(content, path);
    String address = path.startsWith("listen") ? path.substring("listen".length()).strip() : null;
    if (address == null
        || address.chars().anyMatch(character -> character <= ' ' || character == ';')
        || (!address.isEmpty() && !Lines.isBlank(path.charAt("listen".length())))) {
      return new Place.Unclear(0, "the path must be listen ADDRESS, listen or " + NamedSyntax.PATH);
    }
    var text = BraceText.parse(content, Dialect.NGINX);
    var all = text.directives().stream().filter(NginxSyntax::listensByTcp).toList();
    if (address.isEmpty()) {
      var addresses = all.stream().map(NginxSyntax::addressOf).distinct().toList();
      if (addresses.size() > 1) {
        return new Place.Unclear(
            all.stream()
                .filter(listen -> !addressOf(listen).equals(addresses.getFirst()))
                .findFirst()
                .orElseThrow()
                .line(),
            "several addresses are listened on: the path must name one");
      }
      address = addresses.isEmpty() ? "" : addresses.getFirst();
    }
    String wanted = canonical(address);
    var listens = all.stream().filter(listen -> addressOf(listen).equals(wanted)).toList();
    return listens.isEmpty() ? missing(text, address) : place(content, listens, all);
  }

  @Override
  public List<String> meaning(String content, String path) throws Unreadable {
    return NamedSyntax.isPath(path)
        ? named.meaning(content, path)
        : BraceText.parse(content, Dialect.NGINX).meaning();
  }

  private static Place place(String content, List<Directive> listens, List<Directive> all) {
    var protocols = listens.stream().map(NginxSyntax::protocol).collect(Collectors.toSet());
    if (protocols.size() > 1) {
      return new Place.Unclear(
          listens.getLast().line(), "the address is listened on in different protocols");
    }
    var backlogs =
        listens.stream()
            .flatMap(listen -> parameters(listen).stream())
            .filter(word -> word.text().startsWith(BACKLOG))
            .toList();
    if (backlogs.size() > 1) {
      return new Place.Unclear(
          backlogs.get(1).line(), "backlog= of this address is there more than once");
    }
    if (backlogs.size() == 1) return backlogs.getFirst().value(content, BACKLOG);
    var withOptions = listens.stream().filter(NginxSyntax::hasSocketOptions).toList();
    if (withOptions.size() > 1) {
      return new Place.Unclear(
          withOptions.get(1).line(),
          "this address has socket options in more than one listen directive");
    }
    String wildcard = wildcard(addressOf(listens.getFirst()));
    if (withOptions.isEmpty() && wildcard != null) {
      for (var listen : all) {
        if (addressOf(listen).equals(wildcard)) {
          return new Place.Unclear(
              listen.line(),
              "this directive listens on all addresses of the port, so that nginx has one socket for"
                  + " both: the path must name this one");
        }
      }
    }
    var listen = withOptions.isEmpty() ? listens.getFirst() : withOptions.getFirst();
    return new Place.Gap(
        listen.words().getLast().end(), " " + BACKLOG, "", listen.words().getLast().line());
  }

  private static Place missing(BraceText text, String address) {
    var includes =
        text.directives().stream()
            .filter(directive -> directive.name().equals("include"))
            .filter(NginxSyntax::mayHoldServers)
            .toList();
    if (!includes.isEmpty()) {
      // What is included in http is more likely to be servers than what is included before it.
      var likely = includes.stream().filter(each -> each.in() != null).findFirst();
      return new Place.Unclear(
          likely.orElse(includes.getFirst()).line(),
          "no such listen directive is in this file, but perhaps in what this line includes");
    }
    return new Place.Unclear(
        0,
        address.isEmpty()
            ? "no listen directive for TCP is in the file"
            : "no directive of the file listens on this address by TCP");
  }

  private static boolean mayHoldServers(Directive include) {
    if (include.words().size() < 2) return false;
    String file = include.words().get(1).text();
    return (isIn(include.in(), "")
            || isIn(include.in(), "http")
            || isIn(include.in(), "stream")
            || isIn(include.in(), "mail")
            || isIn(include.in(), "server"))
        && !file.endsWith("mime.types")
        && !file.endsWith("_params");
  }

  private static boolean isIn(@Nullable Block block, String name) {
    return block == null ? name.isEmpty() : block.name().equals(name);
  }

  private static boolean listensByTcp(Directive directive) {
    return directive.name().equals("listen")
        && directive.words().size() > 1
        && !directive.opensBlock()
        && (directive.in() == null || directive.in().name().equals("server"))
        && parameters(directive).stream().noneMatch(word -> word.is("udp") || word.is("quic"));
  }

  private static List<Word> parameters(Directive listen) {
    return listen.words().subList(2, listen.words().size());
  }

  private static boolean hasSocketOptions(Directive listen) {
    return parameters(listen).stream()
        .map(Word::text)
        .anyMatch(
            text ->
                SOCKET_OPTIONS.contains(text)
                    || SOCKET_SETTINGS.stream().anyMatch(text::startsWith));
  }

  /** http, stream or mail; server where the file is included in one of them. */
  private static String protocol(Directive listen) {
    return listen.in() == null ? "" : listen.in().root();
  }

  private static String addressOf(Directive listen) {
    return canonical(listen.words().get(1).text());
  }

  /** The address as nginx understands it. */
  private static String canonical(String address) {
    if (address.startsWith("unix:") || address.isEmpty()) return address;
    if (Character.isDigit(address.charAt(0)) && !address.contains(".") && !address.contains(":")) {
      return "*:" + address; // a port, or a range of them
    }
    int colon = address.lastIndexOf(':');
    boolean hasPort = colon > address.lastIndexOf(']');
    String host = hasPort ? address.substring(0, colon) : address;
    String port = hasPort ? address.substring(colon + 1) : "80";
    return (host.equals("0.0.0.0") ? "*" : host) + ":" + port;
  }

  /** The address that nginx would listen on instead of this one as well. */
  private static @Nullable String wildcard(String address) {
    if (address.startsWith("unix:") || address.startsWith("*:") || address.startsWith("[::]:")) {
      return null;
    }
    String port = address.substring(address.lastIndexOf(':') + 1);
    return (address.startsWith("[") ? "[::]:" : "*:") + port;
  }
}
