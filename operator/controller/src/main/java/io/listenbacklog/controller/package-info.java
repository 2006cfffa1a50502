/**
 * The controller: turns policies, pods and namespaces into one NodeBacklog a node, and what the
 * probes found into Events and policy status.
 *
 * <p>Rights it needs, and no others. Cluster-wide:
 *
 * <pre>
 * ""               pods, namespaces, nodes                        list, watch
 * listenbacklog.io backlogpolicies, clusterbacklogpolicies        list, watch
 * listenbacklog.io backlogpolicies/status,
 *                  clusterbacklogpolicies/status                  patch
 * listenbacklog.io nodebacklogs                                   list, watch, create, patch
 * events.k8s.io    events                                         create, get, patch
 * </pre>
 *
 * <p>In its own namespace:
 *
 * <pre>
 * coordination.k8s.io leases                                      create
 * coordination.k8s.io leases, resourceName = LEASE_NAME           get, patch
 * </pre>
 *
 * <p>{@code uninstall} needs, for a service account of its own: cluster-wide {@code
 * listenbacklog.io nodebacklogs: list, create, patch, delete}; in its own namespace {@code "" pods:
 * list}, {@code apps deployments (resourceName = CONTROLLER_DEPLOYMENT): get}, {@code apps
 * deployments/scale (the same): patch} and {@code batch jobs (resourceName = UNINSTALL_JOB): get}.
 *
 * <p>With {@code METRICS_AUTHORIZATION} it needs, cluster-wide, {@code authentication.k8s.io
 * tokenreviews: create} and {@code authorization.k8s.io subjectaccessreviews: create}.
 *
 * <p>Server-side apply of an object that may not exist yet needs {@code create} as well as {@code
 * patch}.
 */
@NullMarked
package io.listenbacklog.controller;

import org.jspecify.annotations.NullMarked;
