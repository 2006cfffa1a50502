package io.listenbacklog.policy.assess;

import java.util.OptionalLong;

/**
 * What is known of a network namespace when it is asked which of its listeners overflowed between
 * two looks.
 *
 * <p>The kernel counts an overflow for the namespace (ListenOverflows) and a drop for the listener
 * ({@code sk_drops}). It counts drops for much else: a client that TCP_DEFER_ACCEPT lets wait, a
 * stray RST, a SYN that found the SYN queue full. So neither proves anything alone.
 *
 * @param listenOverflows by how much the namespace's ListenOverflows rose
 * @param drops by how much the drops of all listeners seen rose together
 * @param everyListenerSeen false where others may have overflowed unseen: strangers in a shared
 *     namespace, a listener that was closed meanwhile
 */
public record OverflowEvidence(long listenOverflows, long drops, boolean everyListenerSeen) {

  /**
   * Judges one listener: it overflowed if its drops rose together with ListenOverflows, and these
   * rose by more than the drops of all others can explain, or its queue was seen full.
   *
   * @return how many connection attempts it dropped at most; empty: not proven that it dropped any.
   *     A SYN that found the queue full adds 1 to both counters, a last ACK adds 1 to
   *     ListenOverflows and 2 to the drops: so never more than either rose by.
   */
  public OptionalLong attempts(ListenerDrops listener) {
    if (listenOverflows <= 0 || listener.rose() <= 0) return OptionalLong.empty();
    long ofOthers = drops - listener.rose();
    boolean othersCannotExplainIt = everyListenerSeen && listenOverflows > ofOthers;
    if (!othersCannotExplainIt && !listener.queueFull()) return OptionalLong.empty();
    return OptionalLong.of(Math.min(listener.rose(), listenOverflows));
  }
}
