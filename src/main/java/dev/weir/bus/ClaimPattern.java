package dev.weir.bus;

/** Address patterns in the claims of a token: {@code *} is one segment, {@code **} the last ones. */
final class ClaimPattern {
    private ClaimPattern() {}

    /** Whether the pattern covers the address; a pattern that is asked for is covered only by itself or a wider one. */
    static boolean matches(String pattern, String address) {
        String[] wanted = pattern.split("\\.", -1);
        String[] parts = address.split("\\.", -1);
        for (int i = 0; i < wanted.length; i++) {
            boolean rest = wanted[i].equals("**");
            if (rest) {
                return i == wanted.length - 1 && parts.length > i;
            }
            if (i >= parts.length || !segmentMatches(wanted[i], parts[i])) {
                return false;
            }
        }
        return wanted.length == parts.length;
    }

    private static boolean segmentMatches(String wanted, String part) {
        return wanted.equals(part) || (wanted.equals("*") && !part.equals("**"));
    }
}
