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
 * Lets those see a page whom the cluster lets: a bearer token is reviewed (TokenReview), and then
 * its user's right to GET the path (SubjectAccessReview), as controller-runtime's filter does. What
 * was answered holds for a while, so that a scrape is not three requests. What is kept, and how
 * often the API server is asked for one client, is bounded.
 */
public final class Access {
  /** As long as controller-runtime's filter lets a token hold without asking again. */
  private static final Duration ALLOWED = Duration.ofMinutes(1);

  /** Shorter, for who is given a right looks at once whether he has it. */
  private static final Duration REFUSED = Duration.ofSeconds(10);

  /** Of each, at most: Prometheus and its like are few, and tokens that are made up without end. */
  static final int KEPT = 64;

  /** For one client address: so many at once, and then one more each time. */
  static final int REVIEWS = 8;

  private static final Duration ONE_MORE_REVIEW = Duration.ofSeconds(1);

  /** What the cluster says. */
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
     * @throws IOException if the API server does not say
     */
    Verdict review(String token, String path) throws IOException, InterruptedException;
  }

  private record Known(Verdict verdict, long untilNanos) {}

  /** When its last review would have been made, had each waited for its turn. */
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

  /** The page, for those alone who may. It waits for the API server. */
  public Page guarding(Page page) {
    return request -> refusal(request).orElseGet(() -> page.answer(request));
  }

  private Optional<Answer> refusal(Request request) {
    if (request.bearerToken().isEmpty()) return Optional.of(unauthorized());
    String token = request.bearerToken().get();
    // Not the token itself: what is kept for a while may be read from a dump.
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

  /** What is refused pushes out nothing that is allowed. */
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
