package io.listenbacklog.cli;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.api.ClusterBacklogPolicy;

/** Objects that a test begins with, as the API server has them. */
final class Given {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  static Pod pod(String annotations) {
    return YAML.unmarshal(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          {namespace: shop, name: web-1, uid: uid-web-1, labels: {app: web}, annotations: {%s}}
        spec: {nodeName: node-1, containers: [{name: web}]}
        status: {phase: Running}
        """
            .formatted(annotations),
        Pod.class);
  }

  static BacklogPolicy policy(int generation, String spec) {
    return YAML.unmarshal(
        """
        apiVersion: listenbacklog.io/v1alpha1
        kind: BacklogPolicy
        metadata:
          {namespace: shop, name: web, uid: uid-web, generation: %d, creationTimestamp: "2026-11-22T10:00:00Z"}
        spec: {%s}
        """
            .formatted(generation, spec),
        BacklogPolicy.class);
  }

  static ClusterBacklogPolicy clusterPolicy(String spec) {
    return YAML.unmarshal(
        """
        apiVersion: listenbacklog.io/v1alpha1
        kind: ClusterBacklogPolicy
        metadata: {name: all, uid: uid-all, generation: 1, creationTimestamp: "2026-11-22T10:00:00Z"}
        spec: {%s}
        """
            .formatted(spec),
        ClusterBacklogPolicy.class);
  }

  /** The controller's, as far as the limits go. */
  static Deployment controller(String environment) {
    return YAML.unmarshal(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {namespace: operator, name: controller}
        spec: {template: {spec: {containers: [{name: controller, env: [%s]}]}}}
        """
            .formatted(environment),
        Deployment.class);
  }

  private Given() {}
}
