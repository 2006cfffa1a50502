package io.listenbacklog.management;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** It is in the privileged part: the JDK, and nothing else. */
@AnalyzeClasses(
    packagesOf = ManagementServer.class,
    importOptions = ImportOption.DoNotIncludeTests.class)
class ManagementIsPlainTest {
  @ArchTest
  static final ArchRule usesTheJdkAlone =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "javax.net.ssl",
              "io.listenbacklog.management..",
              "org.jspecify.annotations");

  @ArchTest
  static final ArchRule theServerReachesForNoFiles =
      noClasses()
          .that()
          .resideInAPackage("io.listenbacklog.management")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.nio.file..");
}
