package io.listenbacklog.probe.observe;

import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.NamespaceState;
import org.jspecify.annotations.Nullable;

/**
 * One visit of one network namespace.
 *
 * @param view what the kernel shows in it
 * @param namespace what is known of it
 * @param spec null: not known yet, so nothing is judged and nothing done
 */
public record VisitContext(
    NamespaceView view, NamespaceState namespace, VisitScope scope, @Nullable NodeSpec spec) {

  /** Whether it goes over all listeners that are known, with or without a listing. */
  public boolean isOfSweep() {
    return scope instanceof VisitScope.Known || isListing();
  }

  /** Whether all listeners are listed, be they known or not. */
  public boolean isListing() {
    return scope instanceof VisitScope.Listing;
  }

  /** Whether a listener was born. */
  public boolean isForBirth() {
    return scope instanceof VisitScope.NewListener;
  }

  /** Whether nothing is read: what was seen before is judged. */
  public boolean isForRest() {
    return scope instanceof VisitScope.Rest;
  }

  /** The process that most likely holds what is new; 0: not known. */
  public int likelyPid() {
    return scope.likelyPid();
  }
}
