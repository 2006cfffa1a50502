package io.listenbacklog.probe.symptom;

import io.listenbacklog.probe.observe.VisitContext;

/** Finds one kind of symptom among listeners that a visit of a sweep has just looked at. */
public interface SymptomDetector {

  /**
   * Notes what it finds in the state of the listeners. Never throws for what the kernel refuses.
   */
  void look(VisitContext visit);
}
