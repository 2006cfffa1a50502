package io.listenbacklog.controller;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The packages are floors: each knows those below it, none above, and none the inside of another.
 */
@AnalyzeClasses(
    packagesOf = ControllerMain.class,
    importOptions = ImportOption.DoNotIncludeTests.class)
class LayoutTest {
  private static final String TOP = "io.listenbacklog.controller";

  @ArchTest
  static final ArchRule noArrowGoesUp =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("main")
          .definedBy(TOP)
          .layer("reconcile")
          .definedBy(TOP + ".reconcile")
          .layer("event")
          .definedBy(TOP + ".event")
          .layer("uninstall")
          .definedBy(TOP + ".uninstall")
          .layer("management")
          .definedBy(TOP + ".management")
          .layer("kube")
          .definedBy(TOP + ".kube")
          .layer("cluster")
          .definedBy(TOP + ".cluster")
          .layer("json")
          .definedBy(TOP + ".cluster.json")
          .layer("telemetry")
          .definedBy(TOP + ".telemetry")
          .layer("failure")
          .definedBy(TOP + ".failure")
          .layer("settings")
          .definedBy(TOP + ".settings")
          .whereLayer("main")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("reconcile")
          .mayOnlyBeAccessedByLayers("main")
          .whereLayer("event")
          .mayOnlyBeAccessedByLayers("main")
          .whereLayer("uninstall")
          .mayOnlyBeAccessedByLayers("main")
          .whereLayer("management")
          .mayOnlyBeAccessedByLayers("main")
          .whereLayer("kube")
          .mayOnlyBeAccessedByLayers("main", "reconcile", "event", "uninstall")
          .whereLayer("settings")
          .mayNotAccessAnyLayer()
          .whereLayer("telemetry")
          .mayNotAccessAnyLayer()
          .whereLayer("failure")
          .mayNotAccessAnyLayer()
          .whereLayer("json")
          .mayOnlyAccessLayers("telemetry")
          .whereLayer("cluster")
          .mayOnlyAccessLayers("json", "telemetry");

  @ArchTest
  static final ArchRule noCircle = slices().matching(TOP + ".(**)").should().beFreeOfCycles();

  /** What a class has nested in it is its own. */
  @ArchTest
  static final ArchRule noFieldIsOpen =
      fields()
          .that()
          .areNotFinal()
          .and()
          .areDeclaredInClassesThat()
          .areTopLevelClasses()
          .should()
          .bePrivate();
}
