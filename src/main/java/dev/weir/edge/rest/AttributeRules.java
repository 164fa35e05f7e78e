package dev.weir.edge.rest;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.event.EventHeaders;
import io.vertx.core.MultiMap;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/** Puts attributes of an event that came over HTTP into bus headers, or says which one breaks CloudEvents 1.0. */
final class AttributeRules {
    private static final int LONGEST_NAME = 20;
    private static final String SPEC_VERSION = "specversion";

    private AttributeRules() {}

    /** Adds one attribute. */
    static void put(MultiMap headers, String name, String value) {
        if (name.equals(SPEC_VERSION)) {
            if (!value.equals("1.0")) {
                throw invalid("specversion is '" + value + "'; only 1.0 is understood");
            }
            return;
        }
        if (value.isEmpty()) {
            throw invalid(name + " is empty; give it a value or leave it out");
        }
        checkCharacters(name, value);
        if (name.equals("time")) {
            checkTime(value);
        } else if (!isName(name)) {
            throw invalid("'" + name + "' is no attribute name: 1 to 20 characters of a-z and 0-9");
        }
        headers.set(headerOf(name), value);
    }

    /** Checks that everything is there that CloudEvents requires besides its version. */
    static void complete(MultiMap headers) {
        require(headers, EventHeaders.ID, "id");
        require(headers, EventHeaders.SOURCE, "source");
        require(headers, EventHeaders.TYPE, "type");
    }

    /** Refuses an event that does not say by which version it is written. */
    static Refusal noVersion() {
        return invalid("specversion is missing; write 1.0");
    }

    static Refusal invalid(String message) {
        return new Refusal(FailureCode.INVALID_EVENT, message);
    }

    private static void require(MultiMap headers, String header, String name) {
        if (!headers.contains(header)) {
            throw invalid(name + " is missing; every CloudEvent has one");
        }
    }

    private static String headerOf(String name) {
        return switch (name) {
            case "id" -> EventHeaders.ID;
            case "source" -> EventHeaders.SOURCE;
            case "type" -> EventHeaders.TYPE;
            case "subject" -> EventHeaders.SUBJECT;
            case "time" -> EventHeaders.TIME;
            case "traceparent", "tracestate" -> name;
            default -> EventHeaders.PREFIX + name;
        };
    }

    private static boolean isName(String name) {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }

    private static void checkCharacters(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || (c >= 0x7f && c <= 0x9f)) {
                throw invalid(name + " holds a control character");
            }
        }
    }

    private static void checkTime(String value) {
        try {
            OffsetDateTime.parse(value);
        } catch (DateTimeParseException notATime) {
            throw new Refusal(
                    FailureCode.INVALID_EVENT, "time is '" + value + "', not like 2026-01-31T12:00:00Z (RFC 3339)");
        }
    }
}
