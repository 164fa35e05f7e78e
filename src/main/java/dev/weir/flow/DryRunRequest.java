package dev.weir.flow;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.bus.StartAt;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a dry run.
 *
 * @param text the candidate's file
 * @param file as the user names it, for problems
 * @param since where the past begins; null for the newest events
 * @param until where it ends; null for now
 * @param limit how many events are read at most, 0 for none
 * @param show how many of what came out are told at most, of each kind
 * @param emitted whether the difference is to what was emitted then, not to what the running version would emit
 */
record DryRunRequest(
        String text,
        String file,
        @Nullable StartAt since,
        @Nullable StartAt until,
        int limit,
        int show,
        boolean emitted) {
    static final int LIMIT = 10_000;
    static final int MOST = 200_000;
    static final int SHOW = 20;
    static final int MOST_SHOWN = 1_000;
    private static final int LONGEST_NAME = 200;

    /** @throws Refusal that says which parameter is wrong */
    static DryRunRequest of(JsonObject asked) {
        String file = asked.getString("file", "the candidate");
        return new DryRunRequest(
                asked.getString("text", ""),
                file.length() > LONGEST_NAME ? file.substring(0, LONGEST_NAME) : file,
                moment(asked, "since"),
                moment(asked, "until"),
                number(asked, "limit", LIMIT, 0, MOST),
                number(asked, "show", SHOW, 0, MOST_SHOWN),
                isEmitted(asked.getString("compare", "rehearsed")));
    }

    private static boolean isEmitted(String compare) {
        if (compare.equals("emitted") || compare.equals("rehearsed")) {
            return compare.equals("emitted");
        }
        throw new Refusal(FailureCode.INVALID_PARAMETER, "compare is rehearsed or emitted");
    }

    private static @Nullable StartAt moment(JsonObject asked, String name) {
        String text = asked.getString(name);
        if (text == null) {
            return null;
        }
        // A plus sign that was not escaped has become a space on its way.
        StartAt at = StartAt.parse(text.replace(' ', '+'));
        if (at == null || (at.position() == null && at.millis() == null)) {
            throw new Refusal(
                    FailureCode.INVALID_PARAMETER,
                    name + " is a time as in 2026-02-28T23:59:59Z, or a position as in <epoch>:<offset>");
        }
        return at;
    }

    private static int number(JsonObject asked, String name, int otherwise, int least, int most) {
        String text = asked.getString(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Answered below like a number out of range.
        }
        throw new Refusal(FailureCode.INVALID_PARAMETER, name + " is a whole number from " + least + " to " + most);
    }
}
