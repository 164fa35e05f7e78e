package dev.weir.edge.bridge;

import dev.weir.bus.Addresses;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Origin;
import dev.weir.bus.Policy;
import dev.weir.bus.Principal;
import dev.weir.bus.Receipt;
import dev.weir.bus.Refusal;
import dev.weir.bus.Wire;
import dev.weir.edge.Attendance;
import dev.weir.edge.CloseCode;
import dev.weir.edge.Consumers;
import dev.weir.edge.EdgeServices;
import dev.weir.edge.LoopServices;
import dev.weir.edge.Session;
import dev.weir.edge.SessionInfo;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of the bridge. Frames are processed strictly one after another; a frame is done when its permission was decided
 * and it was handed on, not when its reply came. Owned by its event loop.
 */
final class BridgeSession implements Session {
    private static final Logger LOG = LoggerFactory.getLogger(BridgeSession.class);

    private final LoopServices loop;
    private final EdgeServices edge;
    private final SessionInfo info;
    private final SessionSink sink;
    private final Answers answers;
    private final Replies replies;
    private final Pacing pacing;
    private final Registrations registrations;
    private final ArrayDeque<String> inbox = new ArrayDeque<>(0);
    private Principal who;
    private @Nullable Consuming consuming;
    private @Nullable String token;
    private boolean working;
    private boolean closed;
    private long lastHeardNanos;

    BridgeSession(LoopServices loop, SessionInfo info, Principal who, SessionSink sink, Answers answers) {
        this.loop = loop;
        this.edge = loop.edge();
        this.info = info;
        this.who = who;
        this.sink = sink;
        this.answers = answers;
        this.registrations = new Registrations(loop, info, sink.outlet(), answers);
        this.replies = new Replies(edge.timers(), edge.config().replyTimeout());
        this.pacing = new Pacing(sink);
        this.lastHeardNanos = edge.clock().nanos();
    }

    @Override
    public SessionInfo info() {
        return info;
    }

    @Override
    public Principal who() {
        return who;
    }

    @Override
    public Map<String, Policy> registrations() {
        return registrations.all();
    }

    @Override
    public Attendance attendance() {
        return registrations.attendance();
    }

    @Override
    public long waitingBytes() {
        return sink.outlet().waitingBytes();
    }

    @Override
    public long lastHeardNanos() {
        return lastHeardNanos;
    }

    @Override
    public void close(CloseCode why) {
        if (!closed) {
            sink.close(why);
        }
    }

    @Override
    public void revoke(String address, Refusal why) {
        if (!registrations.remove(address)) {
            return;
        }
        counted(why);
        if (speaksWeir()) {
            answers.refusal(address, why);
        } else {
            answers.error(why.code());
        }
    }

    /** Whether the client showed that it knows Weir's additions to the protocol. */
    boolean speaksWeir() {
        return registrations.speaksWeir();
    }

    /** Sends a sign of life, unless something waits that will do as well. */
    void beat() {
        if (!closed && waitingBytes() == 0) {
            sink.beat();
        }
    }

    /** Says where the client is on addresses on which nothing came for a while. */
    void tellPositions() {
        if (!closed && speaksWeir() && waitingBytes() == 0) {
            registrations.tellPositions();
        }
    }

    /** Whether the transport is gone. */
    boolean isClosed() {
        return closed;
    }

    /** The session showed its token when it was opened. */
    void signedIn(Principal principal) {
        who = principal;
    }

    /** Takes in one frame. */
    void receive(String text) {
        lastHeardNanos = edge.clock().nanos();
        if (working) {
            inbox.add(text);
            pacing.waiting(inbox.size());
        } else {
            work(text);
        }
    }

    /** The transport is gone. */
    void closed() {
        closed = true;
        registrations.close();
        inbox.clear();
        pacing.close();
        replies.close();
        if (consuming != null) {
            consuming.close();
        }
        sink.outlet().close();
    }

    /** The session got a request that it alone may answer. */
    void awaitsReply(Message<Object> request) {
        replies.expect(request);
    }

    private void work(String text) {
        String next = text;
        while (next != null) {
            Future<Void> done = process(next);
            if (!done.isComplete()) {
                working = true;
                done.onComplete(finished -> {
                    working = false;
                    String waiting = inbox.poll();
                    pacing.waiting(inbox.size());
                    if (waiting != null) {
                        work(waiting);
                    }
                });
                return;
            }
            next = inbox.poll();
        }
        pacing.waiting(inbox.size());
    }

    private Future<Void> process(String text) {
        if (closed) {
            return Future.succeededFuture();
        }
        try {
            Frame frame = Frame.parse(text);
            String shown = frame.token();
            if (shown == null || shown.equals(token)) {
                return dispatch(frame);
            }
            return edge.authenticator()
                    .authenticate(shown)
                    .onSuccess(principal -> signedIn(shown, principal))
                    .compose(principal -> dispatch(frame))
                    .recover(failure -> refused(frame, failure));
        } catch (Refusal refusal) {
            edge.counters().refused(refusal.code()).increment();
            answers.error(refusal.code());
            return Future.succeededFuture();
        }
    }

    private void signedIn(String shown, Principal principal) {
        token = shown;
        who = principal;
        // What only the token before opened would outlive it.
        loop.sessions().decideAgain(this);
    }

    private Future<Void> dispatch(Frame frame) {
        Future<Void> done =
                switch (frame.type()) {
                    case "ping" -> ping(frame);
                    case "register" -> registrations.register(frame, who);
                    case "unregister" -> unregister(frame);
                    case "publish" -> publish(frame);
                    case "send" -> send(frame);
                    default -> Future.failedFuture(new Refusal(FailureCode.INVALID_TYPE));
                };
        return done.recover(failure -> refused(frame, failure));
    }

    private Future<Void> refused(Frame frame, Throwable failure) {
        if (!(failure instanceof Refusal)) {
            LOG.error("a {} frame for {} failed", frame.type(), frame.address(), failure);
        }
        Refusal refusal = failure instanceof Refusal known ? known : new Refusal(FailureCode.UNAVAILABLE);
        String reply = frame.replyAddress();
        if (reply != null) {
            answers.refusal(reply, refusal);
        } else if (frame.type().equals("register") && frame.speaksWeir()) {
            answers.refusal(frame.address(), refusal);
        } else {
            answers.error(refusal);
        }
        return Future.succeededFuture();
    }

    private Future<Void> ping(Frame frame) {
        if (frame.headers().contains(Wire.PONG)) {
            answers.pong();
        }
        return Future.succeededFuture();
    }

    private Future<Void> unregister(Frame frame) {
        String address = frame.address();
        // Nothing to end; whoever could not have registered it is told, as the stock bridge does.
        return registrations.remove(address)
                ? Future.succeededFuture()
                : registrations.maySubscribe(address, who).mapEmpty();
    }

    private Future<Void> publish(Frame frame) {
        if (frame.fault() != null) {
            return Future.failedFuture(counted(frame.fault()));
        }
        String busy = edge.admission().busy();
        if (busy != null) {
            return Future.failedFuture(counted(new Refusal(FailureCode.BUSY, busy)));
        }
        String cancelled = frame.headers().get(Wire.CANCEL);
        if (cancelled != null) {
            return cancel(frame, cancelled);
        }
        return edge.publisher()
                .offer(origin(), frame.address(), frame.headers(), frame.body(), frame.bytes())
                .onSuccess(kept -> awaitReceipt(frame, kept))
                .mapEmpty();
    }

    private Future<Void> cancel(Frame frame, String id) {
        return Deeds.traced(
                        edge,
                        who,
                        info,
                        frame.address(),
                        id,
                        edge.publisher().delayed().cancel(origin(), frame.address(), id))
                .onFailure(failure -> {
                    if (failure instanceof Refusal refusal) {
                        counted(refusal);
                    }
                })
                .onSuccess(done -> {
                    if (!closed && frame.replyAddress() != null) {
                        answers.cancelled(frame.replyAddress(), id);
                    }
                });
    }

    /** The next frame need not wait for the disk, only for its place behind this one. */
    private void awaitReceipt(Frame frame, Future<Receipt> kept) {
        pacing.asked();
        kept.onComplete(done -> {
            pacing.answered();
            String reply = frame.replyAddress();
            if (closed) {
                return;
            }
            if (done.failed()) {
                refused(frame, done.cause());
            } else if (reply != null) {
                answers.receipt(reply, done.result());
            }
        });
    }

    private Future<Void> send(Frame frame) {
        Message<Object> request = replies.take(frame.address());
        if (request != null) {
            return answerTo(request, frame);
        }
        if (frame.fault() != null) {
            return Future.failedFuture(counted(frame.fault()));
        }
        String busy = edge.admission().busy();
        if (busy != null) {
            return Future.failedFuture(counted(new Refusal(FailureCode.BUSY, busy)));
        }
        if (frame.replyAddress() == null) {
            return edge.publisher()
                    .sendOne(origin(), frame.address(), frame.headers(), frame.body(), frame.bytes())
                    .mapEmpty();
        }
        String subscription = Addresses.subscriptionOf(frame.address());
        return subscription == null
                ? request(frame, frame.replyAddress())
                : consuming().ask(frame, subscription, frame.replyAddress());
    }

    private Consuming consuming() {
        Consuming own = consuming;
        if (own == null) {
            own = new Consuming(new Consumers(loop), this::who, answers, pacing);
            consuming = own;
        }
        return own;
    }

    private Future<Void> request(Frame frame, String reply) {
        pacing.asked();
        long timeoutMillis = edge.config().replyTimeout().toMillis();
        edge.publisher()
                .request(origin(), frame.address(), frame.headers(), frame.body(), frame.bytes(), timeoutMillis)
                .onComplete(done -> answered(reply, done.result(), done.cause()));
        return Future.succeededFuture();
    }

    /** A reply the session gives; it may itself ask for a reply. */
    private Future<Void> answerTo(Message<Object> request, Frame frame) {
        var options = answers.options(frame);
        String reply = frame.replyAddress();
        if (reply == null) {
            request.reply(frame.body(), options);
        } else {
            pacing.asked();
            request.replyAndRequest(frame.body(), options)
                    .onComplete(done -> answered(reply, done.result(), done.cause()));
        }
        return Future.succeededFuture();
    }

    private void answered(String reply, @Nullable Message<Object> message, @Nullable Throwable failure) {
        pacing.answered();
        if (closed) {
            return;
        }
        if (message != null) {
            replies.expect(message);
            answers.reply(reply, message);
        } else {
            answers.failure(reply, Objects.requireNonNull(failure));
        }
    }

    private Origin origin() {
        String sub = who.sub();
        return new Origin(who, sub == null ? info.id() : sub, info.source(), info.id(), false);
    }

    private Refusal counted(Refusal refusal) {
        edge.counters().refused(refusal.code()).increment();
        return refusal;
    }
}
