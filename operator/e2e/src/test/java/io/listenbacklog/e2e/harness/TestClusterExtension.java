package io.listenbacklog.e2e.harness;

import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;

/** Starts the cluster before the first class that needs it, and takes it down after the last. */
final class TestClusterExtension
    implements ExecutionCondition,
        BeforeAllCallback,
        ParameterResolver,
        AfterTestExecutionCallback {
  private static final Namespace STORE = Namespace.create(TestClusterExtension.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    var onlyTestNodes =
        AnnotationSupport.findAnnotation(context.getElement(), NeedsTestNodes.class)
            .flatMap(needs -> TestCluster.onlyTestNodes(needs.value()));
    if (onlyTestNodes.isPresent() && !Boolean.getBoolean("require.everything")) {
      return ConditionEvaluationResult.disabled(onlyTestNodes.get());
    }
    var missing = TestCluster.missing();
    return missing.isEmpty() || Boolean.getBoolean("require.everything")
        ? ConditionEvaluationResult.enabled("a cluster can be had, or is required")
        : ConditionEvaluationResult.disabled(missing.get());
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    TestCluster.missing()
        .ifPresent(
            reason -> {
              throw new AssertionError("-Drequire.everything=true, but: " + reason);
            });
    var wanted =
        AnnotationSupport.findAnnotation(context.getRequiredTestClass(), OnTestCluster.class);
    if (wanted.map(OnTestCluster::operator).orElse(true)) {
      cluster(context).installOperator();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    return type == TestCluster.class || type == TestNamespace.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var cluster = cluster(context);
    return parameter.getParameter().getType() == TestCluster.class
        ? cluster
        : context
            .getStore(STORE)
            .computeIfAbsent(
                TestNamespace.class, key -> TestNamespace.create(cluster), TestNamespace.class);
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    var thrown = context.getExecutionException();
    if (thrown.isPresent() && !(thrown.get() instanceof TestAbortedException)) {
      System.err.printf(
          "==== %s failed; the cluster at that moment:%n%s====%n",
          context.getUniqueId(), cluster(context).picture());
    }
  }

  private static TestCluster cluster(ExtensionContext context) {
    return context
        .getStore(StoreScope.LAUNCHER_SESSION, STORE)
        .computeIfAbsent(TestCluster.class, key -> TestCluster.start(), TestCluster.class);
  }
}
