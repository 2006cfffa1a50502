package io.listenbacklog.controller.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.listenbacklog.controller.settings.ControllerSettings;
import io.listenbacklog.controller.telemetry.LogKeys;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leader election among the replicas, by a Lease. */
public final class LeaderElection implements AutoCloseable {
  /** What client-go's leader election has as defaults. */
  private static final Duration LEASE = Duration.ofSeconds(15);

  private static final Duration RENEW_WITHIN = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(LeaderElection.class);

  private final LeaderElector elector;
  private volatile boolean leading;
  private volatile boolean closing;
  private @Nullable CompletableFuture<?> running;

  /**
   * @param lead is called once, on a thread of its own, when this replica leads
   * @param lost is called when another may lead from now on
   */
  public LeaderElection(
      KubernetesClient client, ControllerSettings settings, Runnable lead, Runnable lost) {
    var callbacks =
        new LeaderCallbacks(
            () -> {
              leading = true;
              log.atInfo()
                  .addKeyValue(LogKeys.IDENTITY, settings.identity())
                  .log("became the leader");
              Thread.ofPlatform().name("controller").start(lead);
            },
            () -> {
              boolean wasLeading = leading;
              leading = false;
              if (wasLeading && !closing) lost.run();
            },
            holder -> {
              if (holder != null && !holder.isEmpty() && !holder.equals(settings.identity())) {
                log.atInfo().addKeyValue(LogKeys.LEADER, holder).log("standing by");
              }
            });
    elector =
        client
            .leaderElector()
            .withConfig(
                new LeaderElectionConfigBuilder()
                    .withName(settings.lease())
                    .withLock(
                        new LeaseLock(settings.namespace(), settings.lease(), settings.identity()))
                    .withLeaseDuration(LEASE)
                    .withRenewDeadline(RENEW_WITHIN)
                    .withRetryPeriod(RETRY)
                    .withReleaseOnCancel(true)
                    .withLeaderCallbacks(callbacks)
                    .build())
            .build();
  }

  /** Starts to contend for the lease. */
  public void start() {
    running = elector.start();
  }

  public boolean leading() {
    return leading;
  }

  /** Releases the lease, so that another replica need not wait for it to expire. */
  @Override
  public void close() {
    closing = true;
    if (running != null) running.cancel(true);
  }
}
