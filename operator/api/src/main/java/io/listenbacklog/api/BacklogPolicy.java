package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * The listen backlog that pods of a namespace need, and what may be done about listeners that have
 * less.
 */
@JsonClassDescription(
    "The listen backlog that pods of this namespace need, and what may be done about listeners that have less: a"
        + " server with too small a backlog drops connections whenever it is slow to accept them.")
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Plural("backlogpolicies")
@ShortNames("blp")
@Categories("backlog")
public class BacklogPolicy extends Policy<BacklogPolicySpec> implements Namespaced {}
