package io.listenbacklog.e2e.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test class runs on the test cluster: its methods may ask for a {@link TestCluster} and for a
 * {@link TestNamespace} of their own as parameters. Where no cluster can run, the class is skipped
 * with the reason, or fails if {@code -Drequire.everything=true}.
 *
 * <p>{@code -De2e.context=NAME} takes a cluster of the user's kubeconfig instead, and skips what
 * {@link NeedsTestNodes}.
 *
 * <p>{@code -De2e.keep=true} leaves the cluster running, to look around in it and to make the next
 * run quick.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TestClusterExtension.class)
public @interface OnTestCluster {
  /** Whether the chart must be installed, with the harness's values, before the class runs. */
  boolean operator() default true;
}
