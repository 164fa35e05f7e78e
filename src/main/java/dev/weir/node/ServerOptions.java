package dev.weir.node;

import dev.weir.config.HttpConfig;
import dev.weir.config.LoadedConfig;
import dev.weir.config.TlsConfig;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.concurrent.TimeUnit;

/** The options of the HTTP server, out of the configuration. */
final class ServerOptions {
    private ServerOptions() {}

    static HttpServerOptions of(LoadedConfig loaded) {
        HttpConfig http = loaded.config().http();
        HttpServerOptions options = new HttpServerOptions()
                .setHost(http.host())
                .setPort(http.port())
                .setMaxHeaderSize(http.maxHeaders().intBytes())
                .setMaxWebSocketFrameSize(http.maxBody().intBytes())
                .setMaxWebSocketMessageSize(http.maxBody().intBytes())
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setWebSocketClosingTimeout(3)
                // Without this a connection that says nothing would wait for a protocol for ever.
                .setHttp2ClearTextEnabled(false)
                .setHandle100ContinueAutomatically(true)
                .setTcpNoDelay(true);
        TlsConfig tls = http.tls();
        if (tls != null) {
            options.setSsl(true)
                    .setSslHandshakeTimeout(http.handshakeTimeout().toMillis())
                    .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .setCertPath(loaded.resolve(tls.certificate()).toString())
                            .setKeyPath(loaded.resolve(tls.key()).toString()));
        }
        return options;
    }
}
