package io.listenbacklog.catalogue;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** It is in the privileged part: the JDK alone, and of that no more than its own file needs. */
@AnalyzeClasses(packagesOf = Catalogue.class, importOptions = ImportOption.DoNotIncludeTests.class)
class CatalogueIsPlainTest {
  @ArchTest
  static final ArchRule usesTheJdkAlone =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "io.listenbacklog.catalogue..", "org.jspecify.annotations");

  @ArchTest
  static final ArchRule readsNothingButItsFile =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.net..")
          .orShould()
          .dependOnClassesThat()
          .haveNameMatching("java\\.io\\.File.*");
}
