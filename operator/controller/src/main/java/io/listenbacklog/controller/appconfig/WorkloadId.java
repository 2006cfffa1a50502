package io.listenbacklog.controller.appconfig;

/** A workload by name. */
record WorkloadId(WorkloadKind kind, String namespace, String name) {
  /** Kind and name, as status has it. */
  String shortName() {
    return kind.kind() + "/" + name;
  }

  /** With the namespace before. */
  String longName() {
    return namespace + "/" + shortName();
  }
}
