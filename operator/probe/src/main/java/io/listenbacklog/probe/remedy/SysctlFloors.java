package io.listenbacklog.probe.remedy;

import io.listenbacklog.probe.observe.Sightings;
import io.listenbacklog.probe.observe.VisitContext;
import java.io.IOException;
import java.util.List;

/** Keeps the sysctls of a namespace as high as its pods ask, before anybody listens there. */
public final class SysctlFloors {
  private final RaisePermit permit;
  private final SysctlRemedy somaxconn;
  private final List<SysctlRemedy> all;

  public SysctlFloors(RaisePermit permit, SysctlRemedy somaxconn, SysctlRemedy synBacklog) {
    this.permit = permit;
    this.somaxconn = somaxconn;
    all = List.of(somaxconn, synBacklog);
  }

  /**
   * Reads somaxconn where it may have changed, and raises what is asked for: whoever listens from
   * now on gets the raised value by itself.
   *
   * @return whether somaxconn is what it was at the last listing: whoever is new since then
   *     listened under this one, whenever that was
   */
  public boolean keep(VisitContext visit) throws IOException {
    var namespace = visit.namespace();
    int before = namespace.somaxconn.value();
    // Fresh where somebody has just listened: what he got was capped by this one.
    if (before == 0 || visit.isListing() || visit.isForBirth()) {
      somaxconn.read(visit.view(), namespace);
    }
    boolean steady = namespace.listed() && before == namespace.somaxconn.value();
    var spec = visit.spec();
    if (spec != null && permit.isGiven()) for (var each : all) each.keep(visit, spec);
    return steady;
  }

  /** What an application got that has set its backlog anew was capped by the somaxconn of now. */
  public void readWhereBacklogsChanged(VisitContext visit, Sightings seen) {
    // For the others it was read already.
    boolean isOld = !visit.isListing() && !visit.isForBirth();
    if (isOld && seen.haveOtherBacklogs()) somaxconn.read(visit.view(), visit.namespace());
  }

  /** Puts back what nobody asks for any more, once all listeners have been looked at. */
  public void settle(VisitContext visit) throws IOException {
    var spec = visit.spec();
    if (spec == null || visit.isForBirth() || !visit.namespace().toJudge.isEmpty()) return;
    for (var each : all) each.settleWithSpec(visit.view(), visit.namespace(), spec);
  }
}
