package io.listenbacklog.e2e.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The test needs the nodes that the harness starts on this machine: with {@code -De2e.context=NAME}
 * it is skipped with the reason. Works in a class that is {@link OnTestCluster}.
 *
 * <p>A test that needs them only by calling a method of the harness, such as {@link
 * TestPod#processes}, is skipped by that method.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface NeedsTestNodes {
  /** What for, such as "kills kube-apiserver". */
  String value();
}
