package io.listenbacklog.probe;

import java.util.function.LongSupplier;

/**
 * Collects the heap once it has grown by what is worth it. The serial collector looks at what is
 * old only when there is no more room, so that each probe would come to have all the memory that it
 * may have, for garbage; what a collection finds free is given back (see {@code
 * -XX:MaxHeapFreeRatio} of the image).
 */
final class HeapTrim {
  /** A collection stops all threads for some 30 ms; the bytes of a tenth of a probe's heap. */
  private static final long WORTH_BYTES = 2 << 20;

  private final LongSupplier heapBytes;
  private final Runnable collection;
  private long collectedBytes;

  /**
   * Nothing is collected yet.
   *
   * @param heapBytes what the JVM has of memory for the heap now
   */
  HeapTrim(LongSupplier heapBytes, Runnable collection) {
    this.heapBytes = heapBytes;
    this.collection = collection;
  }

  /** Of this JVM. */
  static HeapTrim ofJvm() {
    return new HeapTrim(Runtime.getRuntime()::totalMemory, System::gc);
  }

  /** Collects it, if it has grown so far since it was smallest after a collection. */
  void trim() {
    long now = heapBytes.getAsLong();
    collectedBytes = Math.min(collectedBytes, now);
    if (now - collectedBytes < WORTH_BYTES) return;
    collection.run();
    collectedBytes = heapBytes.getAsLong();
  }
}
