package dev.weir.edge.bridge;

import dev.weir.bus.Counters;
import dev.weir.edge.CloseCode;
import dev.weir.edge.fanout.CountingOutlet;
import dev.weir.edge.fanout.Responder;
import dev.weir.edge.fanout.WireFormat;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** The outgoing side of a session whose transport takes one text message at a time. Owned by the session's event loop. */
final class LineOutlet extends CountingOutlet implements Responder {
    private final Function<String, Future<Void>> transport;
    private final Consumer<CloseCode> abort;
    private Consumer<Message<Object>> requests = request -> {};

    /**
     * @param transport writes one text message
     * @param abort ends the session without waiting for the client
     */
    LineOutlet(
            long boundBytes, Counters counters, Function<String, Future<Void>> transport, Consumer<CloseCode> abort) {
        super(WireFormat.LINE, boundBytes, counters);
        this.transport = transport;
        this.abort = abort;
    }

    void onRequest(Consumer<Message<Object>> handler) {
        this.requests = handler;
    }

    @Override
    protected Future<Void> send(ByteBuf frames) {
        String lines = frames.toString(StandardCharsets.UTF_8);
        frames.release();
        List<Future<Void>> written = new ArrayList<>(1);
        int from = 0;
        for (int end = lines.indexOf('\n'); end >= 0; end = lines.indexOf('\n', from)) {
            written.add(transport.apply(lines.substring(from, end)));
            from = end + 1;
        }
        return Future.join(written).mapEmpty();
    }

    @Override
    protected void closeSlow() {
        abort.accept(CloseCode.SLOW);
    }

    @Override
    public void awaitsReply(Message<Object> request) {
        requests.accept(request);
    }
}
