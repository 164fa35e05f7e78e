package dev.weir.edge.bridge;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What clients {@code a} and {@code b} do, played against a server. A line {@code a> FRAME} sends, {@code a< N} waits for N frames,
 * {@code a.} makes sure that a's frames so far are done and nothing more came. {@code $reply} is the last reply address anybody
 * received, {@code $long(N)} is a text of N characters.
 */
final class Script {
    private static final String FENCE = "{\"type\":\"fence\",\"address\":\"x\"}";
    private static final JsonObject FENCED = new JsonObject().put("type", "err").put("body", "invalid_type");

    private final Talk.Transport transport;
    private final int port;
    private final Map<String, Talk> clients = new HashMap<>();
    private final List<String> transcript = new ArrayList<>();
    private String reply = "";

    private Script(Talk.Transport transport, int port) {
        this.transport = transport;
        this.port = port;
    }

    /** Plays a script; what the clients received, in a form that does not depend on the server's choice of names. */
    static List<String> play(String lines, Talk.Transport transport, int port) throws IOException {
        Script script = new Script(transport, port);
        try {
            for (String line : lines.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList()) {
                script.play(
                        line.substring(0, 1), line.charAt(1), line.substring(2).strip());
            }
            for (String who : List.copyOf(script.clients.keySet())) {
                script.fence(who);
            }
            return script.transcript;
        } finally {
            for (Talk each : script.clients.values()) {
                each.close();
            }
        }
    }

    private void play(String who, char what, String rest) throws IOException {
        switch (what) {
            case '>' -> client(who).send(filledIn(rest));
            case '<' -> {
                for (int i = Integer.parseInt(rest); i > 0; i--) {
                    note(who, client(who).next());
                }
            }
            case '.' -> fence(who);
            default -> throw new IllegalArgumentException("no such step: " + who + what + rest);
        }
    }

    private Talk client(String who) throws IOException {
        Talk known = clients.get(who);
        if (known == null) {
            known = transport.open(port);
            clients.put(who, known);
        }
        return known;
    }

    private String filledIn(String frame) {
        String text = frame.replace("$reply", reply);
        int at = text.indexOf("$long(");
        if (at < 0) {
            return text;
        }
        int end = text.indexOf(')', at);
        return text.substring(0, at)
                + "x".repeat(Integer.parseInt(text.substring(at + 6, end)))
                + text.substring(end + 1);
    }

    private void fence(String who) throws IOException {
        client(who).send(FENCE);
        for (JsonObject frame = client(who).next();
                !frame.equals(FENCED);
                frame = client(who).next()) {
            note(who, frame);
        }
    }

    private void note(String who, JsonObject frame) {
        if (frame.containsKey("replyAddress")) {
            reply = frame.getString("replyAddress");
            frame.put("replyAddress", "$reply");
        }
        JsonObject headers = frame.getJsonObject("headers");
        if (headers != null) {
            headers.fieldNames().removeIf(Script::isAdded);
            if (headers.isEmpty()) {
                frame.remove("headers");
            }
        }
        if (frame.getValue("body") instanceof JsonObject receipt
                && receipt.fieldNames().equals(Set.of("id"))) {
            receipt.put("id", "$id");
        }
        transcript.add(who + " " + sorted(frame));
    }

    /** What Weir adds to the headers of every event. */
    private static boolean isAdded(String header) {
        return header.startsWith("ce-") || header.startsWith("weir-") || header.equals("traceparent");
    }

    /** Objects with their names in order, so that equal frames are equal texts. */
    private static Object sorted(Object value) {
        if (value instanceof JsonObject object) {
            JsonObject inOrder = new JsonObject();
            object.fieldNames().stream().sorted().forEach(name -> inOrder.put(name, sorted(object.getValue(name))));
            return inOrder;
        }
        if (value instanceof JsonArray array) {
            JsonArray each = new JsonArray();
            array.forEach(item -> each.add(sorted(item)));
            return each;
        }
        return value;
    }
}
