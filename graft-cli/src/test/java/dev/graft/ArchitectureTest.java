package dev.graft;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.members;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.graft.accomplice.Accomplice;
import dev.graft.offender.Offender;
import dev.graft.torch.Device;
import dev.graft.transfer.setting.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rules of the house that no compiler checks. Each is also shown to catch {@link Offender}, who breaks them all. */
class ArchitectureTest {
    private static final int LONGEST_FILE = 400;
    private static final int MOST_FILES = 20;

    private static final DescribedPredicate<JavaClass> NATIVE =
            resideInAnyPackage("org.bytedeco..", "ai.onnxruntime..", "ai.onnx..", "com.google.protobuf..");

    /** Each may use those before it: the table of ARCHITECTURE.md. */
    private static final List<String> ORDER = List.of(
            "dev.graft",
            "dev.graft.data",
            "dev.graft.tensor",
            "dev.graft.layers",
            "dev.graft.preprocessing",
            "dev.graft.model",
            "dev.graft.onnx",
            "dev.graft.weights",
            "dev.graft.report",
            "dev.graft.encoder",
            "dev.graft.bundle",
            "dev.graft.download",
            "dev.graft.formats",
            "dev.graft.zoo",
            "dev.graft.torch",
            "dev.graft.dataset",
            "dev.graft.train",
            "dev.graft.train.listen",
            "dev.graft.heads",
            "dev.graft.audit",
            "dev.graft.export",
            "dev.graft.transfer",
            "dev.graft.transfer.setting",
            "dev.graft.transfer.config",
            "dev.graft.transfer.network",
            "dev.graft.transfer.features",
            "dev.graft.transfer.split",
            "dev.graft.transfer.plan",
            "dev.graft.transfer.phase",
            "dev.graft.transfer.resume",
            "dev.graft.transfer.run",
            "dev.graft.transfer.estimate",
            "dev.graft.transfer.audit",
            "dev.graft.cli");

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
            entry("only torch picks a device, others are given an engine", noPickedDevice()),
            entry(
                    "packages have no cycles",
                    slices().matching("dev.graft.(*)..").should().beFreeOfCycles()),
            entry("packages keep their order", ArchRuleDefinition.classes().should(useOnlyThoseBefore())),
            entry("the root package knows no other", rootStandsAlone()),
            entry("nobody calls the garbage collector", noGarbageCollection()),
            entry("nobody throws an exception without a meaning", NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS),
            entry(
                    "nothing public shows native types",
                    members().that(areVisible()).should(showNoNativeType())),
            entry(
                    "nothing public is a native type",
                    noClasses().that().arePublic().should().beAssignableTo(NATIVE)));

    /** Read once: that takes seconds. */
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.graft");

    private static JavaClasses house() {
        return HOUSE;
    }

    @TestFactory
    Stream<DynamicTest> theHouseIsInOrder() {
        JavaClasses house = house();
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

    /** Whoever reads a name knows which type is meant. */
    @Test
    void noSimpleNameIsThereTwice() {
        Map<String, List<String>> types = new TreeMap<>();
        house().stream()
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .forEach(type -> types.computeIfAbsent(type.getSimpleName(), name -> new ArrayList<>())
                        .add(type.getName()));
        assertThat(types).hasSizeGreaterThan(400);
        assertThat(types.values()).allSatisfy(same -> assertThat(same).hasSize(1));
    }

    /** A setting that is declared and does nothing is a mistake. */
    @Test
    void everySettingIsRead() {
        JavaClasses house = house();
        Set<String> read = new HashSet<>();
        house.forEach(type -> type.getFieldAccessesFromSelf().stream()
                .filter(access -> !access.getTargetOwner().equals(type))
                .forEach(access -> read.add(access.getTarget().getFullName())));
        List<String> settings = house.stream()
                .flatMap(type -> type.getFields().stream())
                .filter(field -> field.getRawType().isAssignableTo(Setting.class)
                        && field.getModifiers().contains(JavaModifier.STATIC))
                .map(JavaField::getFullName)
                .toList();
        assertThat(settings).hasSizeGreaterThan(30);
        assertThat(read).containsAll(settings);
    }

    /** A run's packages stay small enough to be read. */
    @Test
    void noPackageOfARunIsCrowded() {
        Map<String, List<JavaClass>> packages = house().stream()
                .filter(type -> type.getPackageName().startsWith("dev.graft.transfer") && type.isTopLevelClass())
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName));
        assertThat(packages).hasSizeGreaterThan(8);
        packages.forEach((name, types) -> assertThat(types).as(name).hasSizeLessThanOrEqualTo(MOST_FILES));
    }

    /** A file is around 120 lines. */
    @Test
    void noFileIsLongerThanFourHundredLines() throws IOException {
        List<String> longer = new ArrayList<>();
        try (Stream<Path> files = Files.find(
                Path.of(".."),
                20,
                (file, attributes) ->
                        file.toString().endsWith(".java") && file.toString().contains("/src/main/"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                try (Stream<String> lines = Files.lines(file)) {
                    if (lines.count() > LONGEST_FILE) {
                        longer.add(file.toString());
                    }
                }
            }
        }
        assertThat(longer).isEmpty();
    }

    private static ArchCondition<JavaClass> useOnlyThoseBefore() {
        return new ArchCondition<>("use only packages before their own") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                int own = ORDER.indexOf(type.getPackageName());
                type.getDirectDependenciesFromSelf().stream()
                        .map(Dependency::getTargetClass)
                        .filter(target -> target.getPackageName().startsWith("dev.graft"))
                        .filter(target -> own < 0 || ORDER.indexOf(target.getPackageName()) > own)
                        .forEach(target -> events.add(SimpleConditionEvent.violated(
                                type, type.getName() + " uses " + target.getName() + ", which comes after it")));
            }
        };
    }

    private static ArchRule only(String library, String... homes) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(homes)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }

    /** That threads are set in torch alone is the compiler's to see. */
    private static ArchRule noPickedDevice() {
        return noClasses()
                .that()
                .resideOutsideOfPackage("dev.graft.torch..")
                .should()
                .accessField(Device.class, "CPU")
                .orShould()
                .accessField(Device.class, "CUDA");
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
