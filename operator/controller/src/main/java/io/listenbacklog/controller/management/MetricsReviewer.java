package io.listenbacklog.controller.management;

import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.management.Access;
import java.io.IOException;

/**
 * Asks the API server whose token it is (TokenReview), and what its user may do
 * (SubjectAccessReview).
 */
public final class MetricsReviewer implements Access.Reviewer {
  private final KubernetesClient client;

  public MetricsReviewer(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Access.Verdict review(String token, String path) throws IOException {
    try {
      TokenReview whose =
          client
              .resource(
                  new TokenReviewBuilder()
                      .withNewMetadata()
                      .endMetadata()
                      .withNewSpec()
                      .withToken(token)
                      .endSpec()
                      .build())
              .create();
      if (whose.getStatus() == null || !Boolean.TRUE.equals(whose.getStatus().getAuthenticated())) {
        return Access.Verdict.UNKNOWN;
      }
      return mayGet(whose.getStatus().getUser(), path)
          ? Access.Verdict.ALLOWED
          : Access.Verdict.FORBIDDEN;
    } catch (KubernetesClientException e) {
      throw new IOException(e);
    }
  }

  private boolean mayGet(UserInfo user, String path) {
    SubjectAccessReview review =
        client
            .resource(
                new SubjectAccessReviewBuilder()
                    .withNewMetadata()
                    .endMetadata()
                    .withNewSpec()
                    .withUser(user.getUsername())
                    .withUid(user.getUid())
                    .withGroups(user.getGroups())
                    .withExtra(user.getExtra())
                    .withNewNonResourceAttributes()
                    .withVerb("get")
                    .withPath(path)
                    .endNonResourceAttributes()
                    .endSpec()
                    .build())
            .create();
    return review.getStatus() != null
        && Boolean.TRUE.equals(review.getStatus().getAllowed())
        && !Boolean.TRUE.equals(review.getStatus().getDenied());
  }
}
