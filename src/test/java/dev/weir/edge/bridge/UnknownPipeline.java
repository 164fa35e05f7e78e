package dev.weir.edge.bridge;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.impl.transports.TransportInternal;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.transport.Transport;

/** A transport of servers whose handlers have other names than those of the Vert.x release Weir knows. */
final class UnknownPipeline extends NioTransport {
    /** For a Vert.x builder. */
    static Transport transport() {
        return new TransportInternal("unknown-pipeline", true, null, new UnknownPipeline());
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        super.configure(options, domainSocket, bootstrap);
        bootstrap.handler(new Accepting());
    }

    private static final class Accepting extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            ((Channel) accepted).pipeline().addFirst(new Renaming());
            context.fireChannelRead(accepted);
        }
    }

    /** Vert.x has made the pipeline by the time the first bytes come. */
    private static final class Renaming extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            context.pipeline()
                    .replace(
                            "httpDecoder", "decoder-of-requests", new VertxHttpRequestDecoder(new HttpServerOptions()));
            context.pipeline().remove(this);
            context.pipeline().fireChannelRead(bytes);
        }
    }
}
