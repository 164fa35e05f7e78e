package dev.weir.expression;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions of texts. Places and lengths count Unicode characters (code points), from 0. */
final class Texts {
    private Texts() {}

    static void into(Map<String, Call.Function> all) {
        all.put("contains/2", (call, a) -> call.text(a, 0).contains(call.text(a, 1)));
        all.put("startsWith/2", (call, a) -> call.text(a, 0).startsWith(call.text(a, 1)));
        all.put("endsWith/2", (call, a) -> call.text(a, 0).endsWith(call.text(a, 1)));
        all.put("matches/2", (call, a) -> matches(call, call.text(a, 0), call.text(a, 1)));
        all.put("lowerAscii/1", (call, a) -> cased(call.text(a, 0), 'A', 'Z', 32));
        all.put("upperAscii/1", (call, a) -> cased(call.text(a, 0), 'a', 'z', -32));
        all.put("trim/1", (call, a) -> call.text(a, 0).strip());
        all.put(
                "reverse/1",
                (call, a) -> new StringBuilder(call.text(a, 0)).reverse().toString());
        all.put("charAt/2", Texts::charAt);
        all.put("indexOf/2", (call, a) -> indexOf(call, call.text(a, 0), call.text(a, 1), 0));
        all.put("indexOf/3", (call, a) -> indexOf(call, call.text(a, 0), call.text(a, 1), call.whole(a, 2)));
        all.put("lastIndexOf/2", (call, a) -> {
            String text = call.text(a, 0);
            int found = text.lastIndexOf(call.text(a, 1));
            return found < 0 ? -1L : (long) text.codePointCount(0, found);
        });
        all.put("substring/2", (call, a) -> {
            String text = call.text(a, 0);
            return text.substring(offset(call, text, call.whole(a, 1)));
        });
        all.put("substring/3", Texts::substring);
        all.put("replace/3", (call, a) -> replace(call.text(a, 0), call.text(a, 1), call.text(a, 2), -1));
        all.put("replace/4", (call, a) -> replace(call.text(a, 0), call.text(a, 1), call.text(a, 2), call.whole(a, 3)));
        all.put("split/2", (call, a) -> split(call.text(a, 0), call.text(a, 1), -1));
        all.put("split/3", (call, a) -> split(call.text(a, 0), call.text(a, 1), call.whole(a, 2)));
        all.put("join/1", (call, a) -> join(call, a, ""));
        all.put("join/2", (call, a) -> join(call, a, call.text(a, 1)));
        all.put("format/2", (call, a) -> Formats.format(call, call.text(a, 0), call.list(a, 1)));
    }

    static int compare(String a, String b) {
        return a.compareTo(b);
    }

    /** RE2, whose time is linear in the text whatever the pattern. */
    private static boolean matches(Call call, String text, String pattern) {
        try {
            return Pattern.compile(pattern).matcher(text).find();
        } catch (PatternSyntaxException e) {
            throw call.unfit("the pattern is wrong: " + e.getMessage());
        }
    }

    /** With a pattern that was compiled before. */
    static Call.Function matching(Pattern pattern) {
        return (call, a) -> pattern.matcher(call.text(a, 0)).find();
    }

    private static String cased(String text, char from, char to, int by) {
        StringBuilder result = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            result.append(each >= from && each <= to ? (char) (each + by) : each);
        }
        return result.toString();
    }

    private static int offset(Call call, String text, int place) {
        if (place < 0 || place > text.codePointCount(0, text.length())) {
            throw call.unfit("place " + place + " lies outside of the text");
        }
        return text.offsetByCodePoints(0, place);
    }

    private static Object charAt(Call call, @Nullable Object[] a) {
        String text = call.text(a, 0);
        int from = offset(call, text, call.whole(a, 1));
        return from == text.length() ? "" : text.substring(from, text.offsetByCodePoints(from, 1));
    }

    private static Object indexOf(Call call, String text, String wanted, int from) {
        int found = text.indexOf(wanted, offset(call, text, from));
        return found < 0 ? -1L : (long) text.codePointCount(0, found);
    }

    private static Object substring(Call call, @Nullable Object[] a) {
        String text = call.text(a, 0);
        int from = offset(call, text, call.whole(a, 1));
        int to = offset(call, text, call.whole(a, 2));
        if (to < from) {
            throw call.unfit("it ends before it begins");
        }
        return text.substring(from, to);
    }

    private static String replace(String text, String from, String to, int times) {
        StringBuilder result = new StringBuilder();
        int at = 0;
        int left = times;
        while (left != 0) {
            int found = from.isEmpty() && at > text.length() ? -1 : text.indexOf(from, at);
            if (found < 0) {
                break;
            }
            result.append(text, at, found).append(to);
            at = found + from.length();
            if (from.isEmpty()) {
                if (at < text.length()) {
                    result.append(text.charAt(at));
                }
                at++;
            }
            Sums.bounded(result.length(), "the text");
            left--;
        }
        return at < text.length() ? result.append(text, at, text.length()).toString() : result.toString();
    }

    private static List<String> split(String text, String by, int most) {
        List<String> parts = new ArrayList<>();
        if (most == 0) {
            return parts;
        }
        int at = 0;
        while (most < 0 || parts.size() < most - 1) {
            int found = by.isEmpty() ? at + 1 : text.indexOf(by, at);
            if (found < 0 || (by.isEmpty() && found >= text.length())) {
                break;
            }
            parts.add(text.substring(at, found));
            at = found + by.length();
        }
        parts.add(text.substring(at));
        return parts;
    }

    private static String join(Call call, @Nullable Object[] a, String between) {
        StringBuilder joined = new StringBuilder();
        boolean first = true;
        for (Object each : call.list(a, 0)) {
            if (!(each instanceof String text)) {
                throw call.unfit("an element is " + Values.kind(each) + " and no text, map it with string()");
            }
            joined.append(first ? "" : between).append(text);
            Sums.bounded(joined.length(), "the text");
            first = false;
        }
        return joined.toString();
    }
}
