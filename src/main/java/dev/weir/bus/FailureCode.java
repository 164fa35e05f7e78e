package dev.weir.bus;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Why a request was refused: one frozen table for the bridge, HTTP and the bus. The word travels in {@code err} frames and
 * problem documents, the number as the failure code of a bus reply. Words of the stock Vert.x bridge keep their meaning.
 */
public enum FailureCode {
    INVALID_JSON(4001, 400, false, "the text is not a JSON object"),
    MISSING_TYPE(4002, 400, false, "the frame has no type"),
    MISSING_ADDRESS(4003, 400, false, "the frame has no address"),
    INVALID_TYPE(4004, 400, false, "the frame's type is unknown"),
    REJECTED(4005, 403, false, "refused"),
    ACCESS_DENIED(4006, 403, false, "no permission"),
    ADDRESS_ALREADY_REGISTERED(4007, 409, false, "this session registered that address before"),
    MAX_ADDRESS_LENGTH_REACHED(4008, 400, false, "the address has more than 200 characters"),
    MAX_HANDLERS_REACHED(4009, 429, false, "this session has too many registrations"),
    REGISTRATION_FAILURE(4010, 503, true, "the registration did not complete"),
    INVALID_REPLY_ADDRESS(4011, 400, false, "a reply address has at most 36 characters"),
    NOT_LOGGED_IN(4012, 401, false, "a valid token is needed"),
    AUTH_ERROR(4013, 503, true, "permission could not be checked"),
    UNKNOWN_ADDRESS(4014, 404, false, "no policy declares this address"),
    SCHEMA_VIOLATION(4015, 422, false, "the data does not match the schema"),
    INVALID_EVENT(4016, 400, false, "the event is not valid"),
    RESERVED_TYPE(4017, 400, false, "this event type is local and never travels"),
    TOO_LARGE(4018, 413, false, "the data is too large"),
    TOO_FAST(4019, 429, true, "too many events in a short time"),
    BUSY(4020, 503, true, "the node is busy"),
    UNAVAILABLE(4021, 503, true, "not available now"),
    TIMEOUT(4022, 504, true, "nobody answered in time"),
    NO_HANDLERS(4023, 503, true, "nobody is registered to answer"),
    EPOCH_CHANGED(4024, 409, false, "the log was started anew"),
    TRIMMED(4025, 410, false, "the events were already deleted"),
    TOO_MANY_ADDRESSES(4026, 429, false, "too many addresses are in use below this policy"),
    UNSUPPORTED_CONTENT(4027, 415, false, "this content type is not understood"),
    METHOD_NOT_ALLOWED(4028, 405, false, "this method is not for this path"),
    RECIPIENT_FAILURE(4029, 502, false, "the recipient answered with a failure"),
    INVALID_PARAMETER(4030, 400, false, "a query parameter is not valid"),
    INVALID_HANDSHAKE(4031, 400, false, "the WebSocket handshake is not valid"),
    TOO_SLOW(4032, 408, true, "the request took too long to come"),
    NOT_FOUND(4033, 404, false, "there is nothing with this name"),
    TOO_LATE(4034, 409, false, "it has happened already");

    private static final Map<Integer, FailureCode> BY_NUMBER =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(FailureCode::number, Function.identity()));

    private final int number;
    private final int httpStatus;
    private final boolean retryable;
    private final String meaning;
    private final String word;

    FailureCode(int number, int httpStatus, boolean retryable, String meaning) {
        this.number = number;
        this.httpStatus = httpStatus;
        this.retryable = retryable;
        this.meaning = meaning;
        this.word = name().toLowerCase(Locale.ROOT);
    }

    /** The code of a bus reply with this number, if it is one of ours. */
    public static Optional<FailureCode> ofNumber(int number) {
        return Optional.ofNullable(BY_NUMBER.get(number));
    }

    /** The number in a bus reply; frozen. */
    public int number() {
        return number;
    }

    /** The HTTP status of a refusal with this code. */
    public int httpStatus() {
        return httpStatus;
    }

    /** Whether the same request may succeed later. */
    public boolean retryable() {
        return retryable;
    }

    /** What it means, for people. */
    public String meaning() {
        return meaning;
    }

    /** The word on the wire, such as {@code access_denied}. */
    public String word() {
        return word;
    }
}
