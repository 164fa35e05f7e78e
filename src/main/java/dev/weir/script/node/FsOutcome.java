package dev.weir.script.node;

import org.graalvm.polyglot.HostAccess;
import org.jspecify.annotations.Nullable;

/** What a file operation came to, as its JavaScript half reads it. Immutable. */
public final class FsOutcome {
    /** Node's code of the error, null when there was none. */
    @HostAccess.Export
    public final @Nullable String code;

    /** What failed when it is not what the operation is named after. */
    @HostAccess.Export
    public final @Nullable String syscall;

    /** What a user needs to know beyond the code. */
    @HostAccess.Export
    public final @Nullable String why;

    /** The result: text, a number or bytes; null for none. */
    @HostAccess.Export
    public final @Nullable Object value;

    /** Whether the error is about the call and names no path. */
    @HostAccess.Export
    public final boolean whole;

    private FsOutcome(@Nullable FsFailure failure, @Nullable Object value) {
        this.code = failure == null ? null : failure.code();
        this.syscall = failure == null ? null : failure.syscall();
        this.why = failure == null ? null : failure.why();
        this.whole = failure != null && failure.syscall() != null;
        this.value = value;
    }

    static FsOutcome of(@Nullable Object value) {
        return new FsOutcome(null, value);
    }

    static FsOutcome failed(FsFailure failure) {
        return new FsOutcome(failure, null);
    }
}
