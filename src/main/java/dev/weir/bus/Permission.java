package dev.weir.bus;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may do one thing. Evaluation is pure: it answers yes, no, or whom to ask over the bus. An absent permission is
 * {@link #NOBODY}.
 */
public sealed interface Permission {
    /** Nobody at all; the meaning of an absent permission. */
    Permission NOBODY = new Nobody();

    /** Whoever connects. */
    Permission ANYONE = new Anyone();

    /** Whether the access is allowed, refused, or for somebody else to decide. */
    Verdict evaluate(Access access);

    /** Nobody. */
    record Nobody() implements Permission {
        @Override
        public Verdict evaluate(Access access) {
            return Verdict.DENY;
        }
    }

    /** Whoever connects. */
    record Anyone() implements Permission {
        @Override
        public Verdict evaluate(Access access) {
            return Verdict.ALLOW;
        }
    }

    /** Whoever shows a valid token. */
    record SignedIn() implements Permission {
        @Override
        public Verdict evaluate(Access access) {
            return Verdict.of(access.signedIn());
        }
    }

    /** Whose token carries the role. */
    record Role(String name) implements Permission {
        @Override
        public Verdict evaluate(Access access) {
            return Verdict.of(access.signedIn() && access.who().roles().contains(name));
        }
    }

    /** Whose subject is the segment that the variable stands for. */
    record Self(String variable) implements Permission {
        @Override
        public Verdict evaluate(Access access) {
            String segment = access.variables().get(variable);
            return Verdict.of(access.signedIn()
                    && segment != null
                    && segment.equals(access.who().sub()));
        }
    }

    /** Whose token has a claim with address patterns, one of which matches. */
    record Claim(String name) implements Permission {
        @Override
        public Verdict evaluate(Access access) {
            Object value = access.who().claims().getValue(name);
            if (!access.signedIn() || value == null) {
                return Verdict.DENY;
            }
            Iterable<?> patterns = value instanceof Iterable<?> many ? many : List.of(value);
            for (Object pattern : patterns) {
                if (pattern instanceof String text && ClaimPattern.matches(text, access.address())) {
                    return Verdict.ALLOW;
                }
            }
            return Verdict.DENY;
        }
    }

    /** Whoever the listener on a bus address allows. */
    record Ask(String address) implements Permission {
        @Override
        public Verdict evaluate(Access access) {
            return new Verdict(false, List.of(address));
        }
    }

    /** Whoever one of several permissions allows. */
    record AnyOf(List<Permission> options) implements Permission {
        /** Copies what it is given. */
        public AnyOf {
            options = List.copyOf(options);
        }

        @Override
        public Verdict evaluate(Access access) {
            List<Verdict> verdicts =
                    options.stream().map(o -> o.evaluate(access)).toList();
            if (verdicts.stream().anyMatch(Verdict::allowed)) {
                return Verdict.ALLOW;
            }
            return new Verdict(
                    false, verdicts.stream().flatMap(v -> v.ask().stream()).toList());
        }
    }

    /** By event type; {@code *} stands for types that are not named. */
    record ByType(Map<String, Permission> types) implements Permission {
        /** Copies what it is given. */
        public ByType {
            types = Map.copyOf(types);
        }

        @Override
        public Verdict evaluate(Access access) {
            Permission others = types.getOrDefault("*", NOBODY);
            return types.getOrDefault(access.type(), others).evaluate(access);
        }
    }

    /** What somebody wants to do; also the body of an {@code ask:} request. */
    enum Action {
        PUBLISH,
        SUBSCRIBE,
        HISTORY,
        PRESENCE,
        REQUEST,
        RESPOND,
        CONSUME
    }

    /**
     * One thing somebody wants to do.
     *
     * @param who the client
     * @param signedIn whether its token is valid now
     * @param action what
     * @param address on which address or pattern
     * @param type of which event type, {@code message} when none was given
     * @param variables what the policy's variables stand for in this address
     */
    record Access(
            Principal who,
            boolean signedIn,
            Action action,
            String address,
            String type,
            Map<String, String> variables) {}

    /**
     * The outcome.
     *
     * @param allowed true when it is allowed without asking anybody
     * @param ask bus addresses that may allow it, empty when the answer is final
     */
    record Verdict(boolean allowed, List<String> ask) {
        static final Verdict ALLOW = new Verdict(true, List.of());
        static final Verdict DENY = new Verdict(false, List.of());

        static Verdict of(boolean allowed) {
            return allowed ? ALLOW : DENY;
        }
    }

    /** The variables a permission looks at, for checking at load. */
    static Set<String> variablesOf(@Nullable Permission permission) {
        if (permission instanceof Self self) {
            return Set.of(self.variable());
        }
        if (permission instanceof AnyOf any) {
            return PermissionParser.union(any.options());
        }
        return permission instanceof ByType byType
                ? PermissionParser.union(byType.types().values())
                : Set.of();
    }
}
