package io.listenbacklog.management;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Restricts a page to clients that the cluster authorizes: a bearer token is reviewed
 * (TokenReview), and then its user's right to GET the path (SubjectAccessReview), as
 * controller-runtime's filter does. Verdicts are cached, so that a scrape is not three requests.
 * The cache, and how often the API server is asked for one client, is bounded.
 */
public final class Access {
  /** As long as controller-runtime's filter caches a token. */
  private static final Duration ALLOWED = Duration.ofMinutes(1);

  /** Shorter: whoever is granted access tries it at once. */
  private static final Duration REFUSED = Duration.ofSeconds(10);

  /** Of each, at most: scrapers are few, made-up tokens are unlimited. */
  static final int KEPT = 64;

  /** For one client address: a burst, and the interval of those after it. */
  static final int REVIEWS = 8;

  private static final Duration ONE_MORE_REVIEW = Duration.ofSeconds(1);

  /** The cluster's verdict. */
  public enum Verdict {
    /** It does not know the token. */
    UNKNOWN,
    /** The user may not. */
    FORBIDDEN,
    /** The user may. */
    ALLOWED
  }

  /** Asks the cluster. */
  @FunctionalInterface
  public interface Reviewer {
    /**
     * Whether the bearer of a token may GET a path.
     *
     * @throws IOException if the API server gives no verdict
     */
    Verdict review(String token, String path) throws IOException, InterruptedException;
  }

  private record Known(Verdict verdict, long untilNanos) {}

  /** When its last review would have taken place at the permitted rate. */
  private record Asked(long nanos) {}

  private final Reviewer reviewer;
  private final LongSupplier ticker;
  private final Map<String, Known> allowed = bounded();
  private final Map<String, Known> refused = bounded();
  private final Map<String, Asked> clients = bounded();

  /**
   * @param ticker monotonic nanoseconds
   */
  public Access(Reviewer reviewer, LongSupplier ticker) {
    this.reviewer = reviewer;
    this.ticker = ticker;
  }

  /** The page, for authorized clients only. Blocks on the API server. */
  public Page guarding(Page page) {
    return request -> refusal(request).orElseGet(() -> page.answer(request));
  }

  private Optional<Answer> refusal(Request request) {
    if (request.bearerToken().isEmpty()) return Optional.of(unauthorized());
    String token = request.bearerToken().get();
    // Not the token itself: a heap dump would show it.
    String key = sha256(token + "\n" + request.path());
    try {
      var known = known(key);
      if (known.isEmpty() && !mayAsk(request.client())) {
        return Optional.of(Answer.text(503, "too many tokens from " + request.client()));
      }
      Verdict verdict = known.isPresent() ? known.get() : reviewer.review(token, request.path());
      if (known.isEmpty()) keep(key, verdict);
      return switch (verdict) {
        case ALLOWED -> Optional.empty();
        case FORBIDDEN -> Optional.of(Answer.text(403, "not allowed to get " + request.path()));
        case UNKNOWN -> Optional.of(unauthorized());
      };
    } catch (IOException e) {
      return Optional.of(Answer.text(503, "the API server does not say who may"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(Answer.text(503, "ends"));
    }
  }

  private static Answer unauthorized() {
    return Answer.text(401, "a bearer token that the cluster knows is needed");
  }

  private synchronized Optional<Verdict> known(String key) {
    for (var kept : List.of(allowed, refused)) {
      var known = kept.get(key);
      if (known != null && ticker.getAsLong() - known.untilNanos() < 0) {
        return Optional.of(known.verdict());
      }
    }
    return Optional.empty();
  }

  /** Refusals never evict what is allowed. */
  private synchronized void keep(String key, Verdict verdict) {
    allowed.remove(key);
    refused.remove(key);
    boolean may = verdict == Verdict.ALLOWED;
    long until = ticker.getAsLong() + (may ? ALLOWED : REFUSED).toNanos();
    (may ? allowed : refused).put(key, new Known(verdict, until));
  }

  private synchronized boolean mayAsk(String client) {
    long now = ticker.getAsLong();
    var last = clients.remove(client);
    long next = last == null || last.nanos() - now < 0 ? now : last.nanos();
    boolean may = next - now < ONE_MORE_REVIEW.toNanos() * REVIEWS;
    clients.put(client, new Asked(may ? next + ONE_MORE_REVIEW.toNanos() : next));
    return may;
  }

  private static <V> Map<String, V> bounded() {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > KEPT;
      }
    };
  }

  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("each Java has it", e);
    }
  }
}
