package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * What holds for the pods of one node, and what its probe found: named after the Node and owned by
 * it.
 */
@JsonClassDescription(
    "What holds for the pods of one node, and what its probe found there. Written by the operator; to read, not to"
        + " edit.")
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Plural("nodebacklogs")
@ShortNames("nbl")
@Categories("backlog")
@AdditionalPrinterColumn(
    name = "Births",
    jsonPath = ".status.capabilities[?(@.type==\"Births\")].status")
@AdditionalPrinterColumn(
    name = "Relisten",
    jsonPath = ".status.capabilities[?(@.type==\"Relisten\")].status")
@AdditionalPrinterColumn(
    name = "Sysctl",
    jsonPath = ".status.capabilities[?(@.type==\"Sysctl\")].status")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public class NodeBacklog extends CustomResource<NodeBacklogSpec, NodeBacklogStatus> {}
