package dev.graft;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.members;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.graft.accomplice.Accomplice;
import dev.graft.offender.Offender;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The rules of the house that no compiler checks. Each is also shown to catch {@link Offender}, who breaks them all. */
class ArchitectureTest {
    private static final DescribedPredicate<JavaClass> NATIVE =
            resideInAnyPackage("org.bytedeco..", "ai.onnxruntime..", "ai.onnx..", "com.google.protobuf..");

    private static final Map<String, ArchRule> RULES = Map.ofEntries(
            entry("only torch knows libtorch", only("org.bytedeco.pytorch..", "dev.graft.torch..")),
            entry("only data knows OpenCV", only("org.bytedeco.opencv..", "dev.graft.data..")),
            entry("only onnx knows ONNX Runtime", only("ai.onnxruntime..", "dev.graft.onnx..")),
            entry("only onnx knows ONNX graphs", only("ai.onnx.proto..", "dev.graft.onnx..")),
            entry(
                    "only onnx and train.listen know protobuf",
                    only("com.google.protobuf..", "dev.graft.onnx..", "dev.graft.train.listen..")),
            entry("only dataset knows Commons CSV", only("org.apache.commons.csv..", "dev.graft.dataset..")),
            entry("only formats knows HDF5", only("io.jhdf..", "dev.graft.formats..")),
            entry(
                    "packages have no cycles",
                    slices().matching("dev.graft.(*)..").should().beFreeOfCycles()),
            entry("the root package knows no other", rootStandsAlone()),
            entry("nobody calls the garbage collector", noGarbageCollection()),
            entry("nobody throws an exception without a meaning", NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS),
            entry(
                    "nothing public shows native types",
                    members().that(areVisible()).should(showNoNativeType())),
            entry(
                    "nothing public is a native type",
                    noClasses().that().arePublic().should().beAssignableTo(NATIVE)));

    @TestFactory
    Stream<DynamicTest> theHouseIsInOrder() {
        JavaClasses house = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.graft");
        assertThat(house.contain(GraftException.class)).isTrue();
        return each(rule -> rule.allowEmptyShould(true).check(house));
    }

    @TestFactory
    Stream<DynamicTest> everyRuleCatchesTheOffender() {
        JavaClasses offenders =
                new ClassFileImporter().importClasses(ArchitectureTest.class, Accomplice.class, Offender.class);
        return each(rule -> assertThat(rule.evaluate(offenders).hasViolation())
                .as(rule.getDescription())
                .isTrue());
    }

    private static Stream<DynamicTest> each(Consumer<ArchRule> check) {
        return RULES.entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(rule.getKey(), () -> check.accept(rule.getValue())));
    }

    private static ArchRule only(String library, String... homes) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(homes)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }

    private static ArchRule rootStandsAlone() {
        return noClasses()
                .that()
                .resideInAPackage("dev.graft")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.graft.*..");
    }

    private static ArchRule noGarbageCollection() {
        return noClasses().should().callMethod(System.class, "gc").orShould().callMethod(Runtime.class, "gc");
    }

    private static DescribedPredicate<JavaMember> areVisible() {
        return DescribedPredicate.describe(
                "are visible to users",
                member -> isOpen(member.getModifiers()::contains) && isVisible(member.getOwner()));
    }

    private static boolean isVisible(JavaClass type) {
        return isOpen(type.getModifiers()::contains)
                && type.getEnclosingClass().map(ArchitectureTest::isVisible).orElse(true);
    }

    private static boolean isOpen(Predicate<JavaModifier> modifiers) {
        return modifiers.test(JavaModifier.PUBLIC) || modifiers.test(JavaModifier.PROTECTED);
    }

    private static ArchCondition<JavaMember> showNoNativeType() {
        return new ArchCondition<>("show no native type") {
            @Override
            public void check(JavaMember member, ConditionEvents events) {
                member.getAllInvolvedRawTypes().stream()
                        .filter(NATIVE)
                        .forEach(type -> events.add(SimpleConditionEvent.violated(
                                member, member.getFullName() + " shows " + type.getName())));
            }
        };
    }
}
