package io.listenbacklog.probe;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the packages of the probe lie above one another, and that their state is closed. */
class RoomsTest {
  private static final String PROBE = "io.listenbacklog.probe";

  /** Each uses those after it, and none before it. */
  private static final List<String> FROM_TOP_TO_BOTTOM =
      List.of(
          "http",
          "loop",
          "report",
          "symptom",
          "remedy",
          "observe",
          "capability",
          "state",
          "apiserver",
          "discover",
          "journal",
          "spec",
          "budget",
          "telemetry",
          "time",
          "json");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(PROBE);

  @Test
  void noPackageUsesOneAboveIt() {
    var floors = layeredArchitecture().consideringOnlyDependenciesInLayers();
    floors = floors.layer("main").definedBy(PROBE);
    for (String each : FROM_TOP_TO_BOTTOM) {
      floors = floors.layer(each).definedBy("%s.%s..".formatted(PROBE, each));
    }
    floors = floors.whereLayer("main").mayNotBeAccessedByAnyLayer();
    for (int floor = 0; floor < FROM_TOP_TO_BOTTOM.size(); floor++) {
      var above = new ArrayList<>(FROM_TOP_TO_BOTTOM.subList(0, floor));
      above.add("main");
      floors =
          floors
              .whereLayer(FROM_TOP_TO_BOTTOM.get(floor))
              .mayOnlyBeAccessedByLayers(above.toArray(String[]::new));
    }
    floors.ensureAllClassesAreContainedInArchitecture().check(CLASSES);
  }

  @Test
  void thereIsNoCircle() {
    slices().matching(PROBE + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void noFieldIsOpenToBeChangedByOthers() {
    fields().that().areNotPrivate().should().beFinal().check(CLASSES);
  }

  @Test
  void whatIsKnownIsNotLoggedWhereItIsKept() {
    noClasses()
        .that()
        .resideInAPackage(PROBE + ".state..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.slf4j..")
        .check(CLASSES);
  }
}
