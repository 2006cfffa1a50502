package io.listenbacklog.kernel.testing;

import java.util.Arrays;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Skips what cannot run here, or lets it fail where everything is required. */
final class NeedsCondition implements ExecutionCondition {

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    var needs = AnnotationSupport.findAnnotation(context.getElement(), Needs.class);
    if (needs.isEmpty()) return ConditionEvaluationResult.enabled("needs nothing");
    var missing = Arrays.stream(needs.get().value()).filter(need -> !need.isThere()).findFirst();
    if (missing.isEmpty()) return ConditionEvaluationResult.enabled("all is there");
    var reason = "needs " + missing.get().what();
    if (Boolean.getBoolean("require.everything")) throw new IllegalStateException(reason);
    return ConditionEvaluationResult.disabled(reason);
  }
}
