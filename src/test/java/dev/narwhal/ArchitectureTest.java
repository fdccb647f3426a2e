package dev.narwhal;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.onlyDependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Value;

/** The package table of {@code docs/architecture.md}, and the rules of {@code CONTRIBUTING.md} that a machine can check. */
class ArchitectureTest {

    private static final String ROOT = "dev.narwhal";

    /** Which other packages of Narwhal a package may use. The root, which imports every feature, stands apart. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("disk", Set.of()),
            Map.entry("naming", Set.of()),
            Map.entry("http", Set.of("naming")),
            Map.entry("database.h2", Set.of("disk")),
            Map.entry("database", Set.of("database.h2", "disk")),
            Map.entry("upload", Set.of("database")),
            Map.entry("destination", Set.of()),
            Map.entry("destination.parts", Set.of("destination", "naming")),
            Map.entry("destination.directory", Set.of("destination", "destination.parts", "disk", "naming")),
            Map.entry("destination.s3", Set.of("destination", "destination.parts")),
            Map.entry("destination.azure", Set.of("destination", "destination.parts")),
            Map.entry(
                    "destination.settings",
                    Set.of(
                            "destination",
                            "destination.parts",
                            "destination.directory",
                            "destination.s3",
                            "destination.azure")),
            Map.entry("web", Set.of()),
            Map.entry("logging", Set.of()),
            Map.entry("node", Set.of("upload", "database")),
            Map.entry("staging", Set.of("upload", "disk", "node")),
            Map.entry("lease", Set.of("upload")),
            Map.entry("access", Set.of("http", "upload", "database")),
            Map.entry("access.audit", Set.of("access", "database")),
            Map.entry("access.limits", Set.of("access", "http", "upload", "database")),
            Map.entry("history", Set.of("upload", "database")),
            Map.entry("batch", Set.of("upload")),
            Map.entry("access.jwt", Set.of("access", "http")),
            Map.entry("access.control", Set.of("access")),
            Map.entry("access.guard", Set.of("access", "http")),
            Map.entry("ingest", Set.of("upload", "database", "staging", "lease", "access", "access.limits", "history")),
            Map.entry("download", Set.of("upload", "staging", "destination", "access", "disk")),
            Map.entry(
                    "delivery",
                    Set.of(
                            "upload",
                            "database",
                            "staging",
                            "destination",
                            "destination.parts",
                            "destination.directory",
                            "destination.settings",
                            "history",
                            "naming",
                            "node")),
            Map.entry(
                    "protocol.tus",
                    Set.of("http", "ingest", "download", "upload", "access", "access.limits", "naming")),
            Map.entry(
                    "api",
                    Set.of("http", "upload", "ingest", "download", "delivery", "hook", "access", "access.limits")),
            Map.entry("api.audit", Set.of("api", "http", "access", "access.audit")),
            Map.entry("api.owners", Set.of("api", "http", "access", "access.limits")),
            Map.entry("api.batches", Set.of("api", "http", "batch", "upload", "access")),
            Map.entry("api.creation", Set.of("api", "http", "upload", "ingest", "staging", "access", "access.limits")),
            Map.entry("api.keys", Set.of("api", "http", "access")),
            Map.entry("api.uploads", Set.of("api", "http", "upload", "history", "ingest", "delivery", "access")),
            Map.entry("startup", Set.of("access", "destination", "http", "protocol.tus")),
            Map.entry("api.events", Set.of("api", "http", "batch", "upload", "ingest", "access")),
            Map.entry("api.server", Set.of("api", "http", "upload", "download", "delivery", "access")),
            Map.entry("api.statistics", Set.of("api", "http", "statistics", "upload", "access")),
            Map.entry("statistics", Set.of("upload", "database", "staging")),
            Map.entry(
                    "doctor",
                    Set.of(
                            "startup",
                            "access",
                            "access.audit",
                            "access.control",
                            "http",
                            "database",
                            "upload",
                            "staging",
                            "delivery",
                            "destination",
                            "destination.parts",
                            "destination.directory",
                            "destination.s3",
                            "destination.azure",
                            "destination.settings")));

    private static final Set<String> FORBIDDEN_NAMES = Set.of(
            "util", "utils", "common", "config", "model", "dto", "service", "controller", "impl", "helper", "core");

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages(ROOT);

    static Stream<String> features() {
        return packages().stream().filter(name -> !name.equals(ROOT)).map(name -> name.substring(ROOT.length() + 1));
    }

    private static Set<String> packages() {
        return MAIN.stream().map(JavaClass::getPackageName).collect(toCollection(TreeSet::new));
    }

    @Test
    void everyPackage_isInTheTable() {
        assertThat(MAY_USE.keySet()).containsAll(features().toList());
    }

    @ParameterizedTest
    @MethodSource("features")
    void feature_usesOnlyWhatTheTableAllows(String feature) {
        classes()
                .that(resideInAPackage(ROOT + "." + feature))
                .should(onlyDependOnClassesThat(resideInAPackage(ROOT + "." + feature)
                        .or(oneOf(MAY_USE.getOrDefault(feature, Set.of())))
                        .or(DescribedPredicate.not(resideInAPackage(ROOT + "..")))))
                .check(MAIN);
    }

    private static DescribedPredicate<JavaClass> oneOf(Set<String> features) {
        return resideInAnyPackage(
                features.stream().map(feature -> ROOT + "." + feature).toArray(String[]::new));
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void root_holdsTheTableOfContentsOnly() {
        assertThat(MAIN.stream().filter(c -> c.getPackageName().equals(ROOT)).map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder("NarwhalApplication", "package-info");
    }

    @Test
    void objectStoreSdk_isKnownToItsRoomOnly() {
        onlyMayUse("destination.s3", "software.amazon.awssdk..");
        onlyMayUse("destination.azure", "com.azure..");
        onlyMayUse("destination.azure", "reactor..");
    }

    @Test
    void tusEngine_isKnownToItsProtocolOnly() {
        onlyMayUse("protocol.tus", "me.desair.tus..");
    }

    @Test
    void tokenLibrary_isKnownToItsRoomOnly() {
        onlyMayUse("access.jwt", "com.nimbusds..");
    }

    @Test
    void guardOfThePages_isNotTheTusPaths() {
        noClasses()
                .that(DescribedPredicate.not(resideInAnyPackage(ROOT + ".access.guard", ROOT + ".access.jwt")))
                .should()
                .dependOnClassesThat(resideInAPackage("org.springframework.security.."))
                .check(MAIN);
    }

    private static void onlyMayUse(String feature, String library) {
        noClasses()
                .that(DescribedPredicate.not(resideInAPackage(ROOT + "." + feature)))
                .should()
                .dependOnClassesThat(resideInAPackage(library))
                .check(MAIN);
    }

    @Test
    void settings_areReadFromPropertiesRecordsOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Value.class)
                .orShould()
                .callMethodWhere(DescribedPredicate.describe(
                        "read the process's own environment",
                        call -> call.getTargetOwner().isEquivalentTo(System.class)
                                && Set.of("getenv", "getProperty", "getProperties")
                                        .contains(call.getTarget().getName())))
                .check(MAIN);
    }

    @Test
    void timeOfDay_isAskedOfTheInjectedClock() {
        noClasses()
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "read the machine's clock",
                        call -> call.getTargetOwner().getPackageName().equals("java.time")
                                && call.getTarget().getName().equals("now")
                                && call.getTarget().getRawParameterTypes().isEmpty()))
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(MAIN);
    }

    @ParameterizedTest
    @MethodSource("features")
    void package_isNullMarked(String feature) throws ReflectiveOperationException {
        Class<?> packageInfo = Class.forName(ROOT + "." + feature + ".package-info");

        assertThat(packageInfo.isAnnotationPresent(NullMarked.class)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("features")
    void package_isNamedByWhatItDoes(String feature) {
        assertThat(feature.split("\\.")).doesNotContainAnyElementsOf(FORBIDDEN_NAMES);
    }
}
