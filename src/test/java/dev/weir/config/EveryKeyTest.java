package dev.weir.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every key of every record is read from {@code everything.yaml}, where none has its default. */
class EveryKeyTest {
    /** Keys that exclude another one that is set in the file; read by {@link ConfigTest}. */
    private static final Set<String> EXCLUDED = Set.of("auth.jwt.jwks", "auth.jwt.key");

    static final Path FILE = Path.of("src/test/resources/config/everything.yaml");

    private final Set<String> unset = new TreeSet<>();
    private final Set<String> set = new TreeSet<>();

    @Test
    void isReadWithAValueThatIsNotItsDefault() throws ReflectiveOperationException {
        visit("", WeirConfig.class, List.of(Config.load(FILE, Map.of()).config()));
        unset.removeAll(set);
        unset.removeAll(EXCLUDED);
        assertThat(unset)
                .as("keys that src/test/resources/config/everything.yaml leaves out or gives their default")
                .isEmpty();
    }

    private void visit(String prefix, Class<?> type, List<?> records) throws ReflectiveOperationException {
        for (Key key : Key.of(type)) {
            String path = prefix + key.name();
            List<Object> values = new ArrayList<>();
            for (Object record : records) {
                Object value = value(key.component(), record);
                if (value != null && !isDefault(key, value)) {
                    values.add(value);
                }
            }
            (values.isEmpty() ? unset : set).add(path);
            if (Key.isSection(key.element())) {
                List<Object> inner = new ArrayList<>();
                values.forEach(value -> inner.addAll(value instanceof List<?> list ? list : List.of(value)));
                visit(path + ".", key.element(), inner);
            }
        }
    }

    private static Object value(RecordComponent component, Object record) throws ReflectiveOperationException {
        return component.getAccessor().invoke(record);
    }

    private static boolean isDefault(Key key, Object value) {
        String text = key.defaultText();
        return text != null && (Scalars.format(value).equals(text) || value.equals(Map.of()));
    }

    @Test
    void hasOneVariableOfItsOwn() {
        List<String> variables = Key.variables(WeirConfig.class, "")
                .flatMap(path -> java.util.stream.Stream.of(path.variable(), path.variable() + "_FILE"))
                .toList();
        assertThat(variables).doesNotHaveDuplicates().doesNotContainAnyElementsOf(Environment.RESERVED);
    }

    @Test
    void isExplained() {
        explained(WeirConfig.class);
    }

    private void explained(Class<?> type) {
        for (Key key : Key.of(type)) {
            assertThat(key.doc())
                    .as("@Doc of %s.%s", type.getSimpleName(), key.name())
                    .isNotBlank();
            if (Key.isSection(key.element())) {
                explained(key.element());
            }
        }
    }

    @Test
    void hasADefaultThatIsReadable() {
        defaults(WeirConfig.class);
    }

    private void defaults(Class<?> type) {
        for (Key key : Key.of(type)) {
            String text = key.defaultText();
            if (text != null && key.hasVariable() && key.type() != List.class) {
                Object value = Scalars.parse(key.type(), (Yaml.Scalar) Defaults.yaml(text));
                assertThat(Scalars.format(value)).as("%s", key.component()).isEqualTo(text);
            }
            if (Key.isSection(key.element())) {
                defaults(key.element());
            }
        }
    }
}
