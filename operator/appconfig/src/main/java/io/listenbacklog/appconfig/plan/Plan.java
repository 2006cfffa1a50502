package io.listenbacklog.appconfig.plan;

import io.listenbacklog.api.AppConfigPhase;
import io.listenbacklog.appconfig.plan.Decision.Apply;
import io.listenbacklog.appconfig.plan.Decision.Forget;
import io.listenbacklog.appconfig.plan.Decision.Ignore;
import io.listenbacklog.appconfig.plan.Decision.Leave;
import io.listenbacklog.appconfig.plan.Decision.Remember;
import io.listenbacklog.appconfig.plan.Decision.Said;
import io.listenbacklog.appconfig.plan.Decision.Undo;
import io.listenbacklog.appconfig.plan.Memory.Stage;
import io.listenbacklog.appconfig.plan.Proposal.Impossible;
import io.listenbacklog.appconfig.plan.Proposal.Possible;
import io.listenbacklog.appconfig.plan.Situation.Asked;
import io.listenbacklog.appconfig.plan.Situation.Native;
import io.listenbacklog.appconfig.plan.Situation.Pod;
import io.listenbacklog.appconfig.plan.Situation.Undersized;
import io.listenbacklog.appconfig.plan.Situation.Unseen;
import io.listenbacklog.appconfig.plan.Workload.Rolling;
import io.listenbacklog.appconfig.plan.Workload.TemplateElsewhere;
import io.listenbacklog.appconfig.plan.Workload.Unsuited;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which a workload's configuration is changed, verified, taken back and left alone.
 *
 * <p>The same situation gives the same decision, and a decision that was carried out changes the
 * situation: so nothing is done twice, whoever asks, and however often.
 */
public final class Plan {
  /**
   * How long what the probes say must be the same before it counts: a probe looks every two seconds
   * unless told otherwise, and what it writes takes its time.
   */
  public static final Duration SETTLED = Duration.ofSeconds(30);

  /** A workload of which a container ended so shortly ago is not healthy. */
  static final Duration QUIET = Duration.ofMinutes(5);

  /** So often what was set back is written again; then it is left. */
  static final int MOST_SET_BACKS = 2;

  /** What may keep a copy from being made anew for so long that the user's file comes first. */
  private static final Set<Reason> FOR_LONG =
      Set.of(
          Reason.PAUSED,
          Reason.HALTED_AFTER_ROLLBACK,
          Reason.BELOW_MIN_REPLICAS,
          Reason.OWNED_BY_OTHERS,
          Reason.DISRUPTION_BUDGET);

  private final Situation now;

  private Plan(Situation now) {
    this.now = now;
  }

  /** What is to be done about a workload. */
  public static Decision of(Situation situation) {
    var plan = new Plan(situation);
    return switch (situation.intent()) {
      case Situation.Nothing _ -> plan.restore(null);
      case Situation.Show(Asked asked, Reason why) -> plan.show(asked, why);
      case Situation.Write(Asked asked) -> plan.write(asked);
    };
  }

  // Nobody asks for it

  /**
   * @param otherwise what is done where nothing is to be taken back; null: nothing
   */
  private Decision restore(@Nullable Decision otherwise) {
    Memory memory = now.memory();
    if (memory == null) return otherwise == null ? new Ignore() : otherwise;
    return switch (memory.stage()) {
      case RESTORING, ROLLING_BACK -> {
        boolean over = now.workload().progress().isComplete() || isLate(memory.since());
        yield over ? new Forget() : new Leave(takingBack());
      }
      case ROLLED_BACK -> new Forget();
      case APPLYING, VERIFYING, APPLIED, SET_BACK, CONTESTED -> {
        if (!memory.restore() || !isAnyIn(memory)) yield new Forget();
        // What is not finished is taken back at once; what is there and works, with the same care;
        // and what may be why pods do not come up waits for none of them.
        Optional<Said> hindrance =
            memory.isUnderWay()
                ? Optional.empty()
                : (isStuck() ? paused() : unfit()).or(this::notItsTurn);
        yield hindrance.<Decision>map(Leave::new).orElseGet(() -> restored(takingBack(), memory));
      }
    };
  }

  private Said takingBack() {
    return said(AppConfigPhase.APPLYING, Reason.TAKING_BACK, now.workload().progress().text());
  }

  // Somebody wants to know

  private Decision show(Asked asked, Reason why) {
    Said shown = inForce(asked).orElseGet(() -> said(AppConfigPhase.PROPOSED, why));
    return restore(new Leave(shown));
  }

  /** What is said of a workload that needs nothing, or to which nothing can be done. */
  private Optional<Said> inForce(Asked asked) {
    Proposal proposal = asked.proposal();
    if (proposal == null) return Optional.of(said(AppConfigPhase.REFUSED, Reason.NO_BACKLOG));
    if (!proposal.isPossible()) {
      Optional<Said> elsewhere = elsewhere();
      if (elsewhere.isPresent()) return elsewhere;
      String why =
          proposal.edits().stream()
              .filter(each -> each instanceof Impossible)
              .map(each -> ((Impossible) each).why())
              .findFirst()
              .orElse("");
      return Optional.of(said(AppConfigPhase.REFUSED, Reason.IMPOSSIBLE, why));
    }
    if (now.listeners() instanceof Native && isBare()) {
      return Optional.of(inEffect(Reason.NATIVE_ALREADY));
    }
    if (proposal.changes().isEmpty() && now.listeners() instanceof Undersized(String which, _)) {
      return Optional.of(said(AppConfigPhase.REFUSED, Reason.NO_EFFECT, which));
    }
    return Optional.empty();
  }

  /** Whether what the probes see is the application's without anything of ours. */
  private boolean isBare() {
    Memory memory = now.memory();
    // What was taken back is gone when its rollout is over.
    return memory == null || (!memory.isInForce() && now.workload().progress().isComplete());
  }

  // Somebody wants it written

  private Decision write(Asked asked) {
    Memory memory = now.memory();
    if (memory == null) return begin(asked, null);
    return switch (memory.stage()) {
      case APPLYING, VERIFYING -> follow(asked, memory);
      case APPLIED -> keep(asked, memory);
      case SET_BACK -> begin(asked, memory);
      case ROLLED_BACK, CONTESTED -> {
        if (memory.stage() == Stage.CONTESTED && isSaidByUser(asked)) yield new Forget();
        yield isAnotherTry(asked, memory) ? begin(asked, memory) : kept(memory);
      }
      case ROLLING_BACK -> {
        if (!now.workload().progress().isComplete() && !isLate(memory.since()))
          yield new Leave(takingBack());
        var reason = Objects.requireNonNullElse(memory.reason(), Reason.NOT_VERIFIED);
        yield new Remember(
            new Said(AppConfigPhase.ROLLED_BACK, reason, memory.message()),
            memory.at(Stage.ROLLED_BACK, now.now(), reason, memory.message()));
      }
      case RESTORING -> {
        if (!now.workload().progress().isComplete() && !isLate(memory.since()))
          yield new Leave(takingBack());
        yield new Forget();
      }
    };
  }

  /**
   * A change that did harm is not tried again until policy or template are others. One that was set
   * back is not tried for another template: whoever set it back writes there.
   */
  private boolean isAnotherTry(Asked asked, Memory memory) {
    return !memory.policy().uid().equals(asked.policy().uid())
        || memory.policy().generation() != asked.policy().generation()
        || (memory.stage() == Stage.ROLLED_BACK
            && !memory.template().equals(now.workload().templateHash()));
  }

  private static Decision kept(Memory memory) {
    var phase =
        memory.stage() == Stage.CONTESTED ? AppConfigPhase.CONTESTED : AppConfigPhase.ROLLED_BACK;
    var reason = Objects.requireNonNullElse(memory.reason(), Reason.SET_BACK_BY_OTHERS);
    return new Leave(new Said(phase, reason, memory.message()));
  }

  /**
   * @param memory of an earlier change; null: none
   */
  private Decision begin(Asked asked, @Nullable Memory memory) {
    boolean again = memory != null && memory.stage() == Stage.SET_BACK;
    Optional<Said> hindrance =
        inForce(asked)
            .or(() -> owned(asked))
            .or(() -> unsuited(asked))
            .or(() -> notYet(asked))
            .or(this::unfit)
            .or(this::unseen)
            .or(this::notItsTurn);
    if (hindrance.isPresent()) return new Leave(hindrance.get());
    var proposal = Objects.requireNonNull(asked.proposal());
    int restarts = now.pods().stream().mapToInt(Pod::restarts).max().orElse(0);
    var begun =
        new Memory(
            asked.policy(),
            Stage.APPLYING,
            now.now(),
            now.now(),
            null,
            "",
            proposal.changes(),
            proposal.backlog(),
            now.workload().templateHash(),
            restarts,
            listening(),
            again ? Objects.requireNonNull(memory).setBacks() : 0,
            asked.restore());
    return new Apply(
        said(AppConfigPhase.APPLYING, Reason.ROLLING_OUT, "it has just been written"),
        memory == null ? List.of() : memory.changes(),
        proposal,
        begun);
  }

  private Optional<Said> owned(Asked asked) {
    List<String> writers = now.workload().writers();
    if (writers.isEmpty() || asked.force()) return Optional.empty();
    return Optional.of(
        said(AppConfigPhase.PROPOSED, Reason.OWNED_BY_OTHERS, String.join(", ", writers)));
  }

  private Optional<Said> unsuited(Asked asked) {
    return switch (now.workload().strategy()) {
      case Unsuited(String why) -> Optional.of(said(AppConfigPhase.REFUSED, Reason.STRATEGY, why));
      case TemplateElsewhere _ -> elsewhere();
      case Rolling(int away) when away > asked.maxUnavailablePods() ->
          Optional.of(
              said(
                  AppConfigPhase.REFUSED,
                  Reason.STRATEGY,
                  "Its strategy may take %d pods away at a time, and rollout.maxUnavailablePods is %d."
                      .formatted(away, asked.maxUnavailablePods())));
      case Rolling _ -> Optional.empty();
    };
  }

  private Optional<Said> elsewhere() {
    return now.workload().strategy() instanceof TemplateElsewhere(String object)
        ? Optional.of(said(AppConfigPhase.REFUSED, Reason.TEMPLATE_ELSEWHERE, object))
        : Optional.empty();
  }

  /** What the policy says against it for now. */
  private Optional<Said> notYet(Asked asked) {
    if (asked.paused()) return Optional.of(said(AppConfigPhase.WAITING, Reason.PAUSED));
    if (!now.turn().rolledBack().isEmpty()) {
      return Optional.of(
          said(AppConfigPhase.WAITING, Reason.HALTED_AFTER_ROLLBACK, now.turn().rolledBack()));
    }
    Instant until = asked.created().plus(asked.observeFor());
    if (now.now().isBefore(until)) {
      return Optional.of(
          said(AppConfigPhase.WAITING, Reason.OBSERVING, text(asked.observeFor()), until));
    }
    if (now.workload().progress().replicas() < asked.minReplicas()) {
      return Optional.of(
          said(
              AppConfigPhase.WAITING,
              Reason.BELOW_MIN_REPLICAS,
              now.workload().progress().replicas(),
              asked.minReplicas()));
    }
    return Optional.empty();
  }

  /** What the workload says against any rollout for now. */
  private Optional<Said> unfit() {
    Optional<Said> paused = paused();
    if (paused.isPresent()) return paused;
    Workload workload = now.workload();
    Progress progress = workload.progress();
    Optional<String> ill =
        now.pods().stream().map(this::illness).filter(each -> !each.isEmpty()).findFirst();
    if (ill.isPresent()) {
      return Optional.of(said(AppConfigPhase.WAITING, Reason.UNHEALTHY, ill.get()));
    }
    if (!progress.isComplete()) {
      return Optional.of(said(AppConfigPhase.WAITING, Reason.ROLLOUT_UNDER_WAY, progress.text()));
    }
    boolean takesAway = !(workload.strategy() instanceof Rolling(int away)) || away > 0;
    if (takesAway && !workload.blocked().isEmpty()) {
      return Optional.of(
          said(
              AppConfigPhase.WAITING,
              Reason.DISRUPTION_BUDGET,
              String.join(", ", workload.blocked())));
    }
    return Optional.empty();
  }

  private Optional<Said> paused() {
    String paused = now.workload().progress().paused();
    return paused.isEmpty()
        ? Optional.empty()
        : Optional.of(said(AppConfigPhase.WAITING, Reason.WORKLOAD_PAUSED, paused));
  }

  /** Whether a pod will not be healthy by waiting: it crashes, or has not been ready for long. */
  private boolean isStuck() {
    return now.pods().stream()
        .anyMatch(
            each ->
                !each.crash().isEmpty()
                    || (!each.ready() && !each.created().plus(QUIET).isAfter(now.now())));
  }

  private String illness(Pod pod) {
    if (!pod.crash().isEmpty()) return "pod %s, %s".formatted(pod.name(), pod.crash());
    if (!pod.ready()) return "pod %s is not ready".formatted(pod.name());
    Instant ended = pod.lastRestart();
    if (ended != null && ended.plus(QUIET).isAfter(now.now())) {
      return "a container of pod %s restarted less than %s ago".formatted(pod.name(), text(QUIET));
    }
    return "";
  }

  private Optional<Said> unseen() {
    return now.listeners() instanceof Unseen(String why)
        ? Optional.of(said(AppConfigPhase.WAITING, Reason.NOT_OBSERVED, why))
        : Optional.empty();
  }

  private Optional<Said> notItsTurn() {
    var turn = now.turn();
    if (!turn.ofPolicy().isEmpty()) {
      return Optional.of(said(AppConfigPhase.WAITING, Reason.ANOTHERS_TURN, turn.ofPolicy()));
    }
    if (turn.inCluster() >= turn.atMost()) {
      return Optional.of(said(AppConfigPhase.WAITING, Reason.CONCURRENCY_LIMIT, turn.inCluster()));
    }
    return Optional.empty();
  }

  // It is written

  private Decision follow(Asked asked, Memory memory) {
    if (!isAllIn(memory) && !isEdited(asked, memory)) return setBack(asked, memory);
    Optional<Decision> harm = harm(memory, memory.since());
    if (harm.isPresent()) return harm.get();
    Progress progress = now.workload().progress();
    if (!progress.isComplete()) {
      boolean failed = progress.seen() && progress.failed();
      if (failed || isLate(memory.since())) {
        return rollBack(memory, Reason.NOT_AVAILABLE, progress.text());
      }
      return new Leave(said(AppConfigPhase.APPLYING, Reason.ROLLING_OUT, progress.text()));
    }
    // The policy was edited meanwhile, or the user's file: what is to be verified is another.
    if (isChanged(asked, memory)) return renew(asked, memory);
    if (memory.stage() == Stage.APPLYING) {
      return new Remember(
          said(AppConfigPhase.VERIFYING, Reason.VERIFYING, ""),
          memory.at(Stage.VERIFYING, now.now(), null, ""));
    }
    boolean settled = !now.now().isBefore(memory.since().plus(SETTLED));
    return switch (now.listeners()) {
      case Native _ when settled ->
          new Remember(inEffect(Reason.NATIVE), memory.at(Stage.APPLIED, now.now(), null, ""));
      case Undersized(String which, _) when settled -> rollBack(memory, Reason.NOT_NATIVE, which);
      case Unseen(String why) when isLate(memory.since()) ->
          rollBack(memory, Reason.NOT_VERIFIED, why);
      case Unseen(String why) ->
          new Leave(said(AppConfigPhase.VERIFYING, Reason.VERIFYING, ": " + why));
      case Native _, Undersized _ ->
          new Leave(said(AppConfigPhase.VERIFYING, Reason.VERIFYING, ""));
    };
  }

  private Said inEffect(Reason reason) {
    if (!(now.listeners() instanceof Native(int capped, Listening listening))) {
      return said(AppConfigPhase.APPLIED, reason, "");
    }
    String cut =
        capped == 0 ? "" : ", %d of them as far as net.core.somaxconn allowed".formatted(capped);
    return said(AppConfigPhase.APPLIED, reason, cut + listening.text());
  }

  /** Of a workload's pods how many listen before it is changed; 0: all. */
  private int listening() {
    return switch (now.listeners()) {
      case Native(_, Listening listening) -> listening.remembered();
      case Undersized(_, Listening listening) -> listening.remembered();
      case Unseen _ -> 0;
    };
  }

  /** What the new pods suffer that the old ones did not. */
  private Optional<Decision> harm(Memory memory, Instant written) {
    for (Pod pod : now.pods()) {
      // Kubernetes' creation times are whole seconds.
      boolean old = pod.created().isBefore(Instant.ofEpochSecond(written.getEpochSecond()));
      if (old && memory.stage() == Stage.APPLYING) continue;
      if (pod.restarts() <= memory.restarts()) continue;
      String what =
          "pod %s, %d restarts, %d before".formatted(pod.name(), pod.restarts(), memory.restarts());
      return Optional.of(
          pod.crash().isEmpty()
              ? rollBack(memory, Reason.RESTARTED, what)
              : rollBack(memory, Reason.CRASHED, "pod %s, %s".formatted(pod.name(), pod.crash())));
    }
    return Optional.empty();
  }

  private Decision rollBack(Memory memory, Reason reason, String open) {
    String message = reason.text(open);
    return new Undo(
        new Said(AppConfigPhase.ROLLED_BACK, reason, message),
        seen(memory).at(Stage.ROLLING_BACK, now.now(), reason, message));
  }

  private Decision keep(Asked asked, Memory memory) {
    boolean changed = isChanged(asked, memory);
    if (!isAllIn(memory) && !isEdited(asked, memory)) return setBack(asked, memory);
    if (changed) return renew(asked, memory);
    if (now.now().isBefore(memory.since().plus(asked.observeFor()))) {
      Optional<Decision> harm = harm(memory, memory.since());
      if (harm.isPresent()) return harm.get();
      // It began to listen late, or anew, and then asks for something else.
      if (now.listeners() instanceof Undersized(String which, _)) {
        return rollBack(memory, Reason.NOT_NATIVE, which);
      }
    }
    if (!memory.policy().equals(asked.policy()) || memory.restore() != asked.restore()) {
      return new Remember(inEffect(Reason.NATIVE), memory.of(asked.policy(), asked.restore()));
    }
    return new Leave(inEffect(Reason.NATIVE));
  }

  /** Whether what is to be written is another than what was. */
  private static boolean isChanged(Asked asked, Memory memory) {
    return !memory.changes().equals(changes(asked));
  }

  /** Where the user's own template or file is another, ours is made anew; that is no contest. */
  private boolean isEdited(Asked asked, Memory memory) {
    return isChanged(asked, memory)
        && !memory.template().equals(now.workload().templateHash())
        && !isOverwritten(asked, memory);
  }

  /** Whether somebody's own number, which is too small, stands where ours did. */
  private boolean isOverwritten(Asked asked, Memory memory) {
    Proposal proposal = asked.proposal();
    if (proposal == null) return false;
    return proposal.edits().stream()
        .filter(each -> each instanceof Possible possible && !possible.from().isEmpty())
        .flatMap(each -> each.changes().stream())
        .anyMatch(each -> memory.changes().stream().anyMatch(ours -> isGone(ours, each)));
  }

  /**
   * Whether nothing of ours stands in a place of the template itself that is to be changed anew.
   */
  private boolean isGone(Change ours, Change anew) {
    var template = now.workload().template();
    boolean sameValue =
        switch (ours) {
          case Change.Env env -> env.place().equals(anew.place());
          case Change.Args args ->
              anew instanceof Change.Args other
                  && args.place().equals(other.place())
                  && args.flag().equals(other.flag());
          case Change.Reference _, Change.NewVolume _, Change.NewMount _ -> false;
        };
    return sameValue && ours.undone(template).equals(template);
  }

  /** What stands there is of what the user has no more: where it has no successor, it goes. */
  private Decision renew(Asked asked, Memory memory) {
    Optional<String> absent = absent(asked, memory);
    if (absent.isPresent()) {
      return new Leave(said(AppConfigPhase.WAITING, Reason.CONFIG_MAP_ABSENT, absent.get()));
    }
    var begun = begin(asked, memory);
    if (begun instanceof Leave(Said said) && said.phase() == AppConfigPhase.REFUSED) {
      return restored(said, memory);
    }
    boolean gone = isSaidByUser(asked) || isLess(asked, memory);
    if (begun instanceof Apply && gone) return restored(takingBack(), memory);
    return begun instanceof Leave(Said said) && isStale(asked, memory)
        ? stale(said, asked, memory)
        : begun;
  }

  /**
   * The ConfigMap of which the pods have our copy, where it is not there: as while it is replaced.
   */
  private Optional<String> absent(Asked asked, Memory memory) {
    Proposal proposal = asked.proposal();
    return proposal == null
        ? Optional.empty()
        : copies(memory)
            .map(Change.Reference::from)
            .filter(proposal.absent()::contains)
            .findFirst();
  }

  /** What names a copy of ours in place of the user's ConfigMap. */
  private Stream<Change.Reference> copies(Memory memory) {
    return memory.changes().stream()
        .filter(Change.Reference.class::isInstance)
        .map(Change.Reference.class::cast)
        .filter(each -> each.isIn(now.workload().template()));
  }

  private Undo restored(Said said, Memory memory) {
    return new Undo(said, memory.at(Stage.RESTORING, now.now(), null, ""));
  }

  /** Whether the pods have a copy of what the user's ConfigMap was, and not of what it is. */
  private boolean isStale(Asked asked, Memory memory) {
    List<Change> wanted = changes(asked);
    return copies(memory).anyMatch(each -> !wanted.contains(each));
  }

  /**
   * A copy that is not made anew for now. It goes where the user's own file would not reach the
   * pods otherwise: where nobody knows for how long, or where they may need it to come up.
   *
   * @param said why it is not made anew
   */
  private Decision stale(Said said, Asked asked, Memory memory) {
    boolean goes = isStuck() || (FOR_LONG.contains(said.reason()) && isOnlyTheFile(asked, memory));
    return goes && paused().or(this::notItsTurn).isEmpty()
        ? restored(
            and(said, "Taken back, so that its pods have the ConfigMap as it is by now."), memory)
        : new Leave(and(said, "Its pods keep the copy of before."));
  }

  /** Of an edited policy, that what is asked is another says nothing of the user's file. */
  private static boolean isOnlyTheFile(Asked asked, Memory memory) {
    Proposal proposal = asked.proposal();
    boolean sameNumber =
        memory.backlog() == 0 || proposal == null || proposal.backlog() == memory.backlog();
    return sameNumber && memory.policy().equals(asked.policy());
  }

  private static Said and(Said said, String more) {
    return new Said(said.phase(), said.reason(), said.said() + " " + more);
  }

  /**
   * Whether less is asked than was written. What the application has by itself may be between the
   * two, and is seen only where nothing of ours is there.
   */
  private static boolean isLess(Asked asked, Memory memory) {
    Proposal proposal = asked.proposal();
    return proposal != null && proposal.backlog() < memory.backlog();
  }

  /** Whether the user's own template and files say as much as is asked, so that nothing is ours. */
  private static boolean isSaidByUser(Asked asked) {
    Proposal proposal = asked.proposal();
    return proposal != null && proposal.isPossible() && proposal.changes().isEmpty();
  }

  private static List<Change> changes(Asked asked) {
    Proposal proposal = asked.proposal();
    return proposal == null ? List.of() : proposal.changes();
  }

  private Decision setBack(Asked asked, Memory memory) {
    var counted = seen(memory).setBackOnce();
    if (asked.force() && counted.setBacks() <= MOST_SET_BACKS) {
      String message = Reason.SET_BACK.text(times(counted.setBacks()));
      return new Remember(
          new Said(AppConfigPhase.WAITING, Reason.SET_BACK, message),
          counted.at(Stage.SET_BACK, now.now(), Reason.SET_BACK, message));
    }
    String message = Reason.SET_BACK_BY_OTHERS.text(times(counted.setBacks()));
    var said = new Said(AppConfigPhase.CONTESTED, Reason.SET_BACK_BY_OTHERS, message);
    var left = counted.at(Stage.CONTESTED, now.now(), Reason.SET_BACK_BY_OTHERS, message);
    // Half of a change is none that anybody asked for.
    return isAnyIn(memory) ? new Undo(said, left) : new Remember(said, left);
  }

  /**
   * With the template as the user has it by now: it may have been changed since ours was written.
   */
  private Memory seen(Memory memory) {
    return memory.of(now.workload().templateHash());
  }

  /** Whether all of it stands in the template; of two changes of one place the last counts. */
  private boolean isAllIn(Memory memory) {
    var last = new HashMap<String, Change>();
    memory.changes().forEach(each -> last.put(each.place(), each));
    return !last.isEmpty()
        && last.values().stream().allMatch(each -> each.isIn(now.workload().template()));
  }

  /** Whether any of it stands in the template, be it in a value that was edited since. */
  private boolean isAnyIn(Memory memory) {
    var template = now.workload().template();
    return !Change.undone(memory.changes(), template).equals(template);
  }

  private boolean isLate(Instant since) {
    return now.workload().progress().isLate(since, now.now());
  }

  private static Said said(AppConfigPhase phase, Reason reason, Object... open) {
    return new Said(phase, reason, reason.text(open));
  }

  private static String times(int count) {
    return count == 1 ? "once" : count + " times";
  }

  /** As policies write it. */
  private static String text(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
