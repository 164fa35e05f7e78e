package dev.weir.config;

import dev.weir.config.AuthConfig.ConsoleConfig;
import dev.weir.config.AuthConfig.JwtConfig;
import dev.weir.config.AuthConfig.UserConfig;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks who may sign in to the console. Stateless. */
final class ConsoleChecks {
    private static final int MIN_SECRET = 32;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.@+-]{1,64}");

    private ConsoleChecks() {}

    static void check(LoadedConfig loaded, Problems problems) {
        ConsoleConfig console = loaded.config().auth().console();
        Set<String> names = new HashSet<>();
        for (UserConfig user : console.users()) {
            name(user, problems);
            if (!names.add(user.name())) {
                problems.add(user.at(), "auth.console.users has '" + user.name() + "' twice", "remove one of them");
            }
            try {
                PasswordHash.parse(user.password());
            } catch (IllegalArgumentException wrong) {
                problems.add(
                        user.at(),
                        "auth.console.users: the password of '" + user.name() + "' " + wrong.getMessage(),
                        "put what scripts/weir password prints in single quotes");
            }
        }
        String secret = console.secret();
        if (secret != null && secret.length() < MIN_SECRET) {
            problems.add(
                    loaded.origins().at("auth.console.secret"),
                    "auth.console.secret has " + secret.length() + " characters, at least " + MIN_SECRET
                            + " are needed",
                    "make one with: openssl rand -base64 36");
        }
        JwtConfig jwt = loaded.config().auth().jwt();
        if (jwt != null && ConsoleConfig.ISSUER.equals(jwt.issuer())) {
            problems.add(
                    loaded.origins().at("auth.jwt.issuer"),
                    "auth.jwt.issuer is " + ConsoleConfig.ISSUER + ", which is the console's own",
                    "choose another name");
        }
    }

    private static void name(UserConfig user, Problems problems) {
        if (!NAME.matcher(user.name()).matches()) {
            problems.add(
                    user.at(),
                    "auth.console.users: '" + user.name() + "' is no name",
                    "use up to 64 letters, digits and _ . @ + -");
        } else if (user.name().equals(ConsoleConfig.FIRST)) {
            problems.add(
                    user.at(),
                    "auth.console.users: '" + user.name() + "' is who comes by the link for the first operator",
                    "choose another name");
        }
    }
}
