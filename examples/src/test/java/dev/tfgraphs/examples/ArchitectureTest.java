package dev.tfgraphs.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows between the modules; a rule that finds no classes to check fails. */
class ArchitectureTest {
  private static final String OPS = "dev.tfgraphs.ops..";
  private static final String GRAPHS = "dev.tfgraphs.graphs..";
  private static final String SAVED_MODEL = "dev.tfgraphs.savedmodel..";
  private static final String APPLICATIONS = "dev.tfgraphs.applications..";
  private static final String PICTURES = "dev.tfgraphs.pictures..";
  private static final String EXAMPLES = "dev.tfgraphs.examples..";

  private static final String[] JDK_GUAVA_AND_ANNOTATIONS = {
    "java..",
    "com.google.common..",
    "com.google.errorprone.annotations..",
    "org.jspecify.annotations..",
  };

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.tfgraphs");

  @Test
  void opsKnowsTheJdkAndGuavaOnly() {
    check(
        classes()
            .that()
            .resideInAPackage(OPS)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(and(JDK_GUAVA_AND_ANNOTATIONS, OPS)));
  }

  @Test
  void graphsKnowsOpsButNoOtherModule() {
    check(neverFrom(GRAPHS, SAVED_MODEL, APPLICATIONS, PICTURES, EXAMPLES));
  }

  @Test
  void savedModelApplicationsAndPicturesDoNotKnowEachOther() {
    check(neverFrom(SAVED_MODEL, APPLICATIONS, PICTURES, EXAMPLES));
    check(neverFrom(APPLICATIONS, SAVED_MODEL, PICTURES, EXAMPLES));
    check(neverFrom(PICTURES, SAVED_MODEL, APPLICATIONS, EXAMPLES));
  }

  @Test
  void applicationsAndPicturesImportNoTensorFlow() {
    check(neverFrom(APPLICATIONS, "org.tensorflow.."));
    check(neverFrom(PICTURES, "org.tensorflow.."));
  }

  @Test
  void theTopologiesKnowOpsOnly() {
    check(
        classes()
            .that()
            .resideInAPackage("dev.tfgraphs.applications")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(and(JDK_GUAVA_AND_ANNOTATIONS, OPS, APPLICATIONS)));
  }

  @Test
  void onlyPicturesAndExamplesDraw() {
    for (String module : new String[] {OPS, GRAPHS, SAVED_MODEL, APPLICATIONS}) {
      check(neverFrom(module, "java.awt..", "javax.imageio..", "org.knowm.."));
    }
  }

  @Test
  void nothingKnowsTheExamples() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(OPS, GRAPHS, SAVED_MODEL, APPLICATIONS, PICTURES)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(EXAMPLES));
  }

  private static ArchRule neverFrom(String from, String... to) {
    return noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(to);
  }

  private static String[] and(String[] packages, String... more) {
    return Stream.concat(Arrays.stream(packages), Arrays.stream(more)).toArray(String[]::new);
  }

  private static void check(ArchRule rule) {
    rule.check(CLASSES);
  }
}
