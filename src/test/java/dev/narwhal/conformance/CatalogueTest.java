package dev.narwhal.conformance;

import static java.lang.String.join;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** The items have numbers without a gap, and a test each; what stands in a test's name is what it shows. */
class CatalogueTest {

    private static final Catalogue CATALOGUE = Catalogue.standard();

    static List<Method> tests() {
        List<Method> tests = new ArrayList<>();
        for (Class<?> type : ReflectionSupport.findAllClassesInPackage(
                Item.class.getPackageName(), type -> true, name -> name.endsWith("IT"))) {
            tests.addAll(ReflectionSupport.findMethods(
                    type, method -> method.isAnnotationPresent(Item.class), HierarchyTraversalMode.TOP_DOWN));
        }
        return tests;
    }

    @Test
    void items_areNumberedWithoutAGap() {
        assertThat(CATALOGUE.entries().keySet())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 167).boxed().toList());
    }

    @Test
    void items_haveATestOrAReason() {
        Set<Integer> tested = new TreeSet<>();
        tests().forEach(test -> Arrays.stream(item(test).value()).forEach(tested::add));
        for (Catalogue.Entry entry : CATALOGUE.entries().values()) {
            assertThat(tested.contains(entry.number()))
                    .as("%s has a test, or a reason why not in items.txt, and not both", entry.name())
                    .isEqualTo(entry.untested().isEmpty());
        }
    }

    @Test
    void tests_areFound() {
        assertThat(tests()).hasSizeGreaterThan(120);
    }

    @ParameterizedTest
    @MethodSource("tests")
    void levels_areThoseOfTheItems(Method test) {
        for (int number : item(test).value()) {
            assertThat(CATALOGUE.entry(number).level())
                    .as("level of T%d, shown by %s: items of two levels need two tests", number, test)
                    .isEqualTo(item(test).level());
        }
    }

    @ParameterizedTest
    @MethodSource("tests")
    void names_tellTheItems(Method test) {
        String title = test.getAnnotation(DisplayName.class).value();
        List<Integer> told = Stream.of(title.split(" "))
                .takeWhile(word -> word.matches("[TD]\\d+"))
                .filter(word -> word.startsWith("T"))
                .map(word -> Integer.valueOf(word.substring(1)))
                .toList();
        assertThat(told)
                .as("items in the title of %s", test)
                .containsExactlyElementsOf(
                        Arrays.stream(item(test).value()).boxed().toList());
        if (!told.isEmpty()) {
            assertThat(test.getName())
                    .matches("t(" + join("|", told.stream().map(String::valueOf).toList()) + ")_.*");
        }
    }

    private static Item item(Method test) {
        return test.getAnnotation(Item.class);
    }
}
