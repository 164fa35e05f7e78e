package dev.weir;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom: the house of the design, as a test. */
@AnalyzeClasses(packages = "dev.weir", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] UPPER = {
        "dev.weir.edge..",
        "dev.weir.source..",
        "dev.weir.journal..",
        "dev.weir.presence..",
        "dev.weir.flow..",
        "dev.weir.script..",
        "dev.weir.observe..",
        "dev.weir.demo.."
    };

    @ArchTest
    static final ArchRule groundFloorsKnowNothingOfOurs = noClasses()
            .that()
            .resideInAnyPackage("dev.weir.time..", "dev.weir.event..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.weir.bus..",
                    "dev.weir.config..",
                    "dev.weir.expression..",
                    "dev.weir.emitter..",
                    "dev.weir.edge..",
                    "dev.weir.node..",
                    "dev.weir.source..",
                    "dev.weir.observe..",
                    "dev.weir.cli..");

    @ArchTest
    static final ArchRule configKnowsTimeOnly = noClasses()
            .that()
            .resideInAPackage("dev.weir.config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.weir.bus..",
                    "dev.weir.event..",
                    "dev.weir.expression..",
                    "dev.weir.emitter..",
                    "dev.weir.edge..",
                    "dev.weir.node..",
                    "dev.weir.source..",
                    "dev.weir.observe..",
                    "dev.weir.cli..");

    @ArchTest
    static final ArchRule expressionKnowsConfigAndJsonOnly = noClasses()
            .that()
            .resideInAPackage("dev.weir.expression..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("dev.weir..", "io.vertx..")
                    .and(not(resideInAnyPackage(
                            "dev.weir.expression..",
                            "dev.weir.config..",
                            "io.vertx.core.json..",
                            "io.vertx.core.buffer.."))));

    @ArchTest
    static final ArchRule celStaysInExpression = noClasses()
            .that()
            .resideOutsideOfPackage("dev.weir.expression..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.cel..", "com.google.re2j..", "com.google.common..", "com.google.protobuf..", "org.antlr..");

    @ArchTest
    static final ArchRule busKnowsTheGroundFloorsOnly = noClasses()
            .that()
            .resideInAPackage("dev.weir.bus..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.weir.emitter..",
                    "dev.weir.edge..",
                    "dev.weir.node..",
                    "dev.weir.source..",
                    "dev.weir.observe..",
                    "dev.weir.cli..");

    @ArchTest
    static final ArchRule emitterKnowsTimeEventBus = noClasses()
            .that()
            .resideInAPackage("dev.weir.emitter..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.weir.config..", "dev.weir.edge..", "dev.weir.node..", "dev.weir.source..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyTheLauncherKnowsNode = noClasses()
            .that()
            .resideOutsideOfPackages("dev.weir.node..", "dev.weir.cli..", "dev.weir.junit..", "dev.weir")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.weir.node..");

    /** It is not among what is shipped, so nothing that a node runs may need it. */
    @ArchTest
    static final ArchRule junitStaysInItsPackage = noClasses()
            .that()
            .resideOutsideOfPackage("dev.weir.junit..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.junit..", "dev.weir.junit..");

    @ArchTest
    static final ArchRule hazelcastStaysInItsPlaces = noClasses()
            .that()
            .resideOutsideOfPackages("dev.weir.node..", "dev.weir.journal.hazelcast..", "dev.weir.presence..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.hazelcast..");

    @ArchTest
    static final ArchRule graalStaysInScript = noClasses()
            .that()
            .resideOutsideOfPackage("dev.weir.script..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.graalvm..", "com.oracle.truffle..");

    @ArchTest
    static final ArchRule sqlStaysInItsEngine = noClasses()
            .that()
            .resideOutsideOfPackage("dev.weir.journal.sql..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..");

    /** Verticles talk only over the bus: no upper package knows another one. */
    @ArchTest
    static void siblingsNeverKnowEachOther(com.tngtech.archunit.core.domain.JavaClasses classes) {
        for (String one : UPPER) {
            String[] others = java.util.Arrays.stream(UPPER)
                    // The one exception: a flow reads sources as their verticle does.
                    .filter(other ->
                            !other.equals(one) && !(one.equals("dev.weir.flow..") && other.equals("dev.weir.source..")))
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(one)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .allowEmptyShould(true)
                    .check(classes);
        }
    }
}
