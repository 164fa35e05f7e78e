package dev.weir.script.node;

import dev.weir.script.ScriptHost;
import dev.weir.script.ScriptLoop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.streams.ReadStream;
import java.nio.charset.StandardCharsets;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request or response on its way into a script, which takes piece by piece: nothing is read from the socket
 * before it asks. Owned by the script's loop.
 */
public final class HttpBody {
    private final ScriptHost host;
    private final ScriptLoop loop;
    private final ReadStream<Buffer> source;
    private ScriptLoop.@Nullable Handle awaited;
    private boolean ended;

    /** @param source just received; it is paused */
    HttpBody(ScriptHost host, ReadStream<Buffer> source) {
        this.host = host;
        this.loop = host.loop();
        this.source = source;
        source.pause();
    }

    /** Says where pieces, the end and a premature end go; nothing comes before {@link #fetch}. */
    @HostAccess.Export
    public void listen(Value onData, Value onEnd, Value onFailure) {
        source.exceptionHandler(failure -> failed(failure, onFailure));
        source.endHandler(end -> {
            ended = true;
            loop.enter(onEnd);
            arrived();
        });
        source.handler(piece -> {
            ScriptLoop.Handle before = awaited;
            awaited = null;
            loop.enter(onData, Bytes.toScript(piece));
            if (before != null) {
                before.close();
            }
        });
    }

    /** The script has room for so many pieces more. */
    @HostAccess.Export
    public void fetch(int pieces) {
        await();
        later(() -> source.fetch(pieces));
    }

    /** All of it at once: {@code onEnd(bytesOrText)}, or {@code onFailure} when it ends early or is larger than {@code limit} bytes. */
    @HostAccess.Export
    public void collect(boolean text, double limit, Value onEnd, Value onFailure) {
        Buffer all = Buffer.buffer();
        await();
        source.exceptionHandler(failure -> failed(failure, onFailure));
        source.handler(piece -> {
            if (all.length() + piece.length() > limit) {
                ended = true;
                source.handler(null);
                loop.enter(onFailure, "ERR_BODY_TOO_LARGE", "the body is larger than " + (long) limit + " bytes");
                arrived();
            } else {
                all.appendBuffer(piece);
            }
        });
        source.endHandler(end -> {
            if (!ended) {
                ended = true;
                loop.enter(onEnd, text ? all.toString(StandardCharsets.UTF_8) : Bytes.toScript(all));
                arrived();
            }
        });
        later(source::resume);
    }

    /** Nobody wants it: it is read and dropped, so that the connection can go on. */
    @HostAccess.Export
    public void drop() {
        if (!ended) {
            source.handler(null);
            source.exceptionHandler(failure -> {});
            later(source::resume);
        }
    }

    /** What the script waits for keeps its program running. */
    private void await() {
        if (awaited == null && !ended) {
            awaited = loop.handle();
        }
    }

    private void arrived() {
        if (awaited != null) {
            awaited.close();
            awaited = null;
        }
    }

    /** Behind the JavaScript that asks: what comes must find the loop free, or it would be overtaken by what comes next. */
    private void later(Runnable action) {
        host.context().runOnContext(turn -> action.run());
    }

    private void failed(Throwable failure, Value onFailure) {
        if (!ended) {
            ended = true;
            String code = failure instanceof HttpClosedException ? "ECONNRESET" : NetFailures.code(failure);
            loop.enter(onFailure, code, NetFailures.message(failure));
            arrived();
        }
    }
}
