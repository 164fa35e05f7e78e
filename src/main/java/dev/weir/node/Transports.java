package dev.weir.node;

import dev.weir.config.HttpConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.transport.Transport;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the network transport: what was asked for if this machine has it, else the next slower one, and says so. */
final class Transports {
    private static final Logger LOG = LoggerFactory.getLogger(Transports.class);

    private Transports() {}

    static void apply(VertxBuilder builder, HttpConfig.Transport wanted) {
        List<@Nullable Transport> candidates =
                switch (wanted) {
                    case IO_URING -> java.util.Arrays.asList(Transport.IO_URING, Transport.EPOLL);
                    case AUTO, EPOLL -> java.util.Arrays.asList(Transport.EPOLL);
                    case NIO -> List.of();
                };
        for (Transport candidate : candidates) {
            if (candidate != null && candidate.available()) {
                builder.withTransport(candidate);
                return;
            }
            if (wanted != HttpConfig.Transport.AUTO) {
                LOG.warn(
                        "this machine has no {}, taking the next transport",
                        wanted.name().toLowerCase(Locale.ROOT));
            }
        }
    }

    static String nameOf(Vertx vertx) {
        String loop =
                ((VertxInternal) vertx).nettyEventLoopGroup().next().getClass().getName();
        String lower = loop.toLowerCase(Locale.ROOT);
        if (vertx.isNativeTransportEnabled()) {
            return lower.contains("uring") ? "io_uring" : "epoll";
        }
        return "nio";
    }
}
