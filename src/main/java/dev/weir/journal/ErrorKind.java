package dev.weir.journal;

import java.util.regex.Pattern;

/** What errors have in common that differ in names and numbers only, so that they can be counted together. Pure functions. */
public final class ErrorKind {
    private static final int LONGEST = 300;

    /** Which status a server answered matters; which order it was about does not. */
    private static final Pattern VARIABLE = Pattern.compile(
            "(?<!\\w)'[^']{0,300}'(?!\\w)"
                    + "|\"[^\"]{0,300}\""
                    + "|(?<![\\w.])(?!(?<=(?i:status|http|code|answered|answers|returned) )[1-5]\\d\\d(?![\\w-]))[\\w:+-]*\\d[\\w:.+-]*");

    private ErrorKind() {}

    /** The error with {@code …} in place of quoted texts and of words and numbers with digits, at most 300 characters. */
    public static String of(String error) {
        String text =
                VARIABLE.matcher(error).replaceAll("…").replaceAll("\\s+", " ").strip();
        return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    }
}
