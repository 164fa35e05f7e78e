package dev.weir;

/** Users of the console for tests, hashed beforehand because that is slow on purpose. */
public final class ConsoleUsers {
    /** An operator's password. */
    public static final String ANNS = "correct horse battery";

    /** A viewer's password. */
    public static final String VICS = "quiet river stones";

    /** What else an operator could choose. */
    public static final String NEW = "another fine password";

    private static final String ANNS_HASH =
            "pbkdf2-sha256$600000$MDEyMzQ1Njc4OWFiY2RlZg==$FssUBfIHq1ETs6++tsrS0CyoyvbROnb1L9k+a0O+weE=";
    private static final String VICS_HASH =
            "pbkdf2-sha256$600000$ZmVkY2JhOTg3NjU0MzIxMA==$PESEx9H3qy4x+NbziSv+RA1Df+XOfUOEnPqt74h2kXw=";
    private static final String NEW_HASH =
            "pbkdf2-sha256$600000$MDAxMTIyMzM0NDU1NjZmZg==$hagzKdrCLl9LbExiqBj2IxU1x+lvnIKvad13VenlWy0=";

    private ConsoleUsers() {}

    /** {@code auth:} with ann as operator and vic as viewer. */
    public static String yaml() {
        return auth(user("ann", ANNS_HASH, "operator"), user("vic", VICS_HASH, "viewer"));
    }

    /** The same, but ann has another password. */
    public static String yamlWithNewPassword() {
        return auth(user("ann", NEW_HASH, "operator"), user("vic", VICS_HASH, "viewer"));
    }

    /** The same, but ann looks on only. */
    public static String yamlWithOtherRole() {
        return auth(user("ann", ANNS_HASH, "viewer"), user("vic", VICS_HASH, "viewer"));
    }

    /** The same without ann. */
    public static String yamlWithoutAnn() {
        return auth(user("vic", VICS_HASH, "viewer"));
    }

    private static String auth(String... users) {
        return "auth: {console: {users: [" + String.join(", ", users) + "]}}\n";
    }

    private static String user(String name, String hash, String role) {
        return "{name: " + name + ", password: '" + hash + "', role: " + role + "}";
    }
}
