package dev.weir.junit;

import dev.weir.emitter.Emitter;
import io.vertx.core.Vertx;
import java.lang.reflect.AnnotatedElement;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Starts and stops the nodes that {@link WithWeir} asks for, and gives tests what they need of them. Stateless: JUnit keeps its nodes. */
public final class WeirExtension
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(WeirExtension.class);
    private static final String NODE = "node";

    /** A node and the emitters it has given to tests. */
    private record Given(WeirNode node, List<Emitter> emitters) {}

    @Override
    public void beforeAll(ExtensionContext context) {
        begin(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        begin(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Given given = context.getStore(OURS).get(NODE, Given.class);
        if (given != null) {
            given.emitters.forEach(Emitter::close);
            given.emitters.clear();
        }
        end(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        end(context);
    }

    private static void begin(ExtensionContext context) {
        Optional<AnnotatedElement> element = context.getElement();
        AnnotationSupport.findAnnotation(element, WithWeir.class)
                .ifPresent(asked -> context.getStore(OURS).put(NODE, new Given(start(asked), new ArrayList<>())));
    }

    private static void end(ExtensionContext context) {
        // Removes what this class or method asked for, not what those around it did.
        Given given = context.getStore(OURS).remove(NODE, Given.class);
        if (given != null) {
            given.node.close();
        }
    }

    private static WeirNode start(WithWeir asked) {
        Map<String, String> environment = new HashMap<>();
        if (!asked.home().isEmpty()) {
            environment.put("WEIR_HOME", Path.of(asked.home()).toAbsolutePath().toString());
        }
        for (String variable : asked.environment()) {
            int sign = variable.indexOf('=');
            if (sign < 1) {
                throw new ExtensionConfigurationException(
                        "environment of @WithWeir: '" + variable + "' is not NAME=value");
            }
            environment.put(variable.substring(0, sign), variable.substring(sign + 1));
        }
        if (asked.file().isEmpty()) {
            return WeirNode.start(asked.value(), environment);
        }
        if (!asked.value().isEmpty()) {
            throw new ExtensionConfigurationException(
                    "@WithWeir has a configuration and the file of one: leave one out");
        }
        return WeirNode.start(Path.of(asked.file()), environment);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == WeirNode.class
                || type == WeirTime.class
                || type == Vertx.class
                || type == URI.class
                || (type == Emitter.class && parameter.isAnnotated(At.class));
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Given given = context.getStore(OURS).get(NODE, Given.class);
        if (given == null) {
            throw new ParameterResolutionException(
                    "no node was asked for: put @WithWeir on the method, its class or a class around that");
        }
        Class<?> type = parameter.getParameter().getType();
        WeirNode node = given.node;
        return type == WeirNode.class
                ? node
                : type == WeirTime.class
                        ? node.time()
                        : type == Vertx.class
                                ? node.vertx()
                                : type == URI.class ? node.uri() : emitter(given, parameter);
    }

    private static Emitter emitter(Given given, ParameterContext parameter) {
        String address = parameter.findAnnotation(At.class).map(At::value).orElse("");
        Emitter emitter = given.node.emitter(address);
        given.emitters.add(emitter);
        return emitter;
    }
}
