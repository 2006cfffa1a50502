package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A {@link BacklogPolicy} for the pods of many namespaces. */
@JsonClassDescription(
    "The listen backlog that pods of many namespaces need, and what may be done about listeners that have less."
        + " Where a BacklogPolicy of the pod's own namespace selects the pod too, that one governs it.")
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Plural("clusterbacklogpolicies")
@ShortNames("cblp")
@Categories("backlog")
public class ClusterBacklogPolicy extends Policy<ClusterBacklogPolicySpec> {}
