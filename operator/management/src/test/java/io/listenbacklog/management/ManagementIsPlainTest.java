package io.listenbacklog.management;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** It is in the privileged part: the JDK's base, and nothing else. */
@AnalyzeClasses(
    packagesOf = ManagementServer.class,
    importOptions = ImportOption.DoNotIncludeTests.class)
class ManagementIsPlainTest {
  @ArchTest
  static final ArchRule usesTheJdkAlone =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "io.listenbacklog.management", "org.jspecify.annotations");

  @ArchTest
  static final ArchRule reachesForNoFiles =
      noClasses().should().dependOnClassesThat().resideInAnyPackage("java.nio.file..");
}
