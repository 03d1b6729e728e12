package dev.graft.data;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** OpenCV stays inside this package and off its surface; the engines stay out of it. */
@AnalyzeClasses(packages = "dev.graft", importOptions = DoNotIncludeTests.class)
class DataBoundaryTest {
    @ArchTest
    static final ArchRule ONLY_DATA_SEES_OPENCV = noClasses()
            .that()
            .resideOutsideOfPackage("dev.graft.data")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.bytedeco.opencv..");

    @ArchTest
    static final ArchRule DATA_LOADS_NO_ENGINE = noClasses()
            .that()
            .resideInAPackage("dev.graft.data")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.bytedeco.pytorch..", "ai.onnxruntime..", "dev.graft.tensor..");

    @ArchTest
    static final ArchRule NO_NATIVE_TYPES_ON_THE_SURFACE = noMethods()
            .that()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .resideInAPackage("dev.graft.data")
            .should()
            .haveRawReturnType(resideInAPackage("org.bytedeco.."));
}
