package dev.weir.event;

import org.jspecify.annotations.Nullable;

/** How a request carries events, which its content type says. */
public enum ContentMode {
    /** One event: attributes in headers, the body is the data. */
    BINARY,
    /** One event: the body is a JSON object of attributes and data. */
    STRUCTURED,
    /** Any number of events: the body is an array of such objects. */
    BATCH;

    private static final String FAMILY = "application/cloudevents";

    /**
     * The mode that a content type stands for; parameters and case do not matter, none means binary.
     *
     * @throws InvalidEventException when it is a CloudEvents format other than JSON
     */
    public static ContentMode of(@Nullable String contentType) {
        if (contentType == null || !contentType.trim().regionMatches(true, 0, FAMILY, 0, FAMILY.length())) {
            return BINARY;
        }
        String essence = MediaType.of(contentType).essence();
        return switch (essence) {
            case JsonFormat.MEDIA_TYPE -> STRUCTURED;
            case JsonFormat.BATCH_MEDIA_TYPE -> BATCH;
            default ->
                throw new InvalidEventException(
                        "content-type",
                        "'" + essence + "' is not understood; of the CloudEvents formats use " + JsonFormat.MEDIA_TYPE
                                + " or " + JsonFormat.BATCH_MEDIA_TYPE);
        };
    }
}
