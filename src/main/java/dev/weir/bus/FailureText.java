package dev.weir.bus;

/**
 * What people are told of a failure, in logs, reports and dead letters. What was made to be told, such as a {@link Refusal}, an
 * exception of ours or Vert.x's {@code Future.failedFuture("text")}, says all in its message; of anything else the class says what the
 * message leaves out. Pure.
 */
public final class FailureText {
    private static final String OURS = "dev.weir.";

    private FailureText() {}

    /** One line or more; never empty. */
    public static String of(Throwable failure) {
        String message = failure.getMessage();
        boolean saysAll = failure.getStackTrace().length == 0
                || failure.getClass().getName().startsWith(OURS);
        return saysAll && message != null && !message.isBlank() ? message : failure.toString();
    }
}
