package dev.weir.script.node;

import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.UpgradeRejectedException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** What went wrong with a connection, in Node's codes. Stateless. */
final class NetFailures {
    private NetFailures() {}

    /** Node's code. */
    static String code(Throwable failure) {
        if (failure instanceof BindException) {
            return ofBinding(said(failure));
        } else if (failure instanceof ConnectException || failure.getCause() instanceof ConnectException) {
            return said(failure).contains("timed out") ? "ETIMEDOUT" : "ECONNREFUSED";
        } else if (failure instanceof UnknownHostException || failure.getCause() instanceof UnknownHostException) {
            return "ENOTFOUND";
        } else if (failure instanceof NoRouteToHostException) {
            return "EHOSTUNREACH";
        } else if (failure instanceof TimeoutException) {
            return "ETIMEDOUT";
        } else if (failure instanceof SSLException) {
            return "ERR_TLS_HANDSHAKE";
        } else if (failure instanceof TooLongFrameException) {
            return "HPE_HEADER_OVERFLOW";
        } else if (failure instanceof UpgradeRejectedException) {
            return "REJECTED";
        }
        return ofClosing(failure);
    }

    private static String ofBinding(String text) {
        if (text.contains("in use")) {
            return "EADDRINUSE";
        }
        return text.contains("permission") ? "EACCES" : "EADDRNOTAVAIL";
    }

    private static String ofClosing(Throwable failure) {
        boolean closed = failure instanceof HttpClosedException
                || failure instanceof ClosedChannelException
                || failure instanceof PrematureChannelClosureException
                || failure instanceof SocketException
                || said(failure).contains("closed while handshake")
                || (failure instanceof IOException && said(failure).contains("reset"));
        if (closed) {
            return said(failure).contains("broken pipe") ? "EPIPE" : "ECONNRESET";
        }
        return failure instanceof IllegalArgumentException ? "HPE_INVALID_CONSTANT" : "EPROTO";
    }

    private static String said(Throwable failure) {
        return Objects.requireNonNullElse(failure.getMessage(), "").toLowerCase(Locale.ROOT);
    }

    /** What the failure says. */
    static String message(Throwable failure) {
        return Objects.requireNonNullElse(
                failure.getMessage(), failure.getClass().getSimpleName());
    }
}
