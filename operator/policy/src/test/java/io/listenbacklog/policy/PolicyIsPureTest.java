package io.listenbacklog.policy;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

/** What the module graph cannot hold: {@code policy} takes values and returns values. */
@AnalyzeClasses(
    packagesOf = PolicyNames.class,
    importOptions = ImportOption.DoNotIncludeTests.class)
class PolicyIsPureTest {

  @ArchTest
  static final ArchRule usesNoClient =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.fabric8.kubernetes.client..", "io.javaoperatorsdk..", "java.net..");

  @ArchTest
  static final ArchRule usesNoLogger =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.slf4j..", "java.util.logging..");

  @ArchTest
  static final ArchRule readsNothing =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.io..", "java.nio.file..", "java.nio.channels..");

  @ArchTest
  static final ArchRule hasNoClock =
      noClasses()
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .dependOnClassesThat(belongToAnyOf(Clock.class));

  @ArchTest
  static final ArchRule hasNoCircle =
      slices().matching("io.listenbacklog.policy.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule startsNoThread =
      noClasses().should().dependOnClassesThat(belongToAnyOf(Thread.class));
}
