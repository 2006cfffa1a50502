package io.listenbacklog.controller.appconfig;

import io.listenbacklog.api.AppConfigPhase;
import io.listenbacklog.api.AppConfigStatus;
import io.listenbacklog.appconfig.plan.Decision.Said;
import io.listenbacklog.appconfig.plan.Proposal;
import io.listenbacklog.appconfig.plan.Proposal.Edit;
import io.listenbacklog.appconfig.plan.Proposal.Impossible;
import io.listenbacklog.appconfig.plan.Proposal.Possible;
import io.listenbacklog.appconfig.plan.Reason;
import io.listenbacklog.policy.text.CleanText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a policy's status says of one workload. */
final class StatusEntries {
  private static final int MOST_MESSAGE_BYTES = 1_000;
  private static final int MOST_NAME_BYTES = 300;

  /**
   * An entry an edit; one where nothing can be said of any edit.
   *
   * @param previous entries of before: what is the same keeps its time
   */
  static List<AppConfigStatus> of(
      String workload,
      @Nullable Proposal proposal,
      Said said,
      List<AppConfigStatus> previous,
      Instant now) {
    var all = new ArrayList<AppConfigStatus>();
    if (proposal == null) {
      all.add(entry(workload, "", "", "", "", said, null, previous, now));
      return all;
    }
    for (Edit each : proposal.edits()) {
      all.add(
          switch (each) {
            case Impossible(String container, String what, String why) ->
                entry(
                    workload,
                    container,
                    what,
                    "",
                    "",
                    said.reason() == Reason.TEMPLATE_ELSEWHERE
                            || said.reason() == Reason.CONFIG_MAP_ABSENT
                        ? said
                        : new Said(AppConfigPhase.REFUSED, Reason.IMPOSSIBLE, why),
                    null,
                    previous,
                    now);
            case Possible edit ->
                entry(
                    workload,
                    edit.container(),
                    edit.what(),
                    edit.from(),
                    edit.to(),
                    said.reason() == Reason.IMPOSSIBLE
                        ? new Said(
                            AppConfigPhase.PROPOSED,
                            Reason.ANOTHER_ENTRY_IMPOSSIBLE,
                            Reason.ANOTHER_ENTRY_IMPOSSIBLE.text())
                        : said,
                    edit.patch(),
                    previous,
                    now);
          });
    }
    return all;
  }

  private static AppConfigStatus entry(
      String workload,
      String container,
      String what,
      String from,
      String to,
      Said said,
      @Nullable String patch,
      List<AppConfigStatus> previous,
      Instant now) {
    String name = CleanText.of(what, MOST_NAME_BYTES);
    Instant since =
        previous.stream()
            .filter(each -> each.workload().equals(workload) && each.what().equals(name))
            .filter(each -> each.container().equals(container) && each.phase() == said.phase())
            .map(AppConfigStatus::since)
            .findFirst()
            .orElse(now.truncatedTo(ChronoUnit.SECONDS));
    return new AppConfigStatus(
        workload,
        container,
        name,
        CleanText.of(from, MOST_NAME_BYTES),
        to,
        said.phase(),
        said.reason().word(),
        CleanText.of(said.said(), MOST_MESSAGE_BYTES),
        since,
        patch);
  }

  private StatusEntries() {}
}
