package dev.weir.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.status.StatusUtil;
import dev.weir.config.ConfigException;
import dev.weir.config.LoadedConfig;
import dev.weir.config.Location;
import dev.weir.config.LogConfig;
import dev.weir.config.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The log of the process, as {@code log:} or {@code conf/logback.xml} wants it. Only the launcher makes one: a program that
 * embeds a node keeps its own log. Thread-safe as logback is.
 */
final class Logging {
    static final String APPENDER = "OUT";

    /**
     * Others' loggers, unless a {@code conf/logback.xml} says otherwise: what they have to say at INFO is for their authors.
     * What Hazelcast warns of when nodes start together or leave is expected; Weir says itself who came and went.
     */
    static final Map<String, Level> QUIET = Map.of(
            "com.hazelcast", Level.WARN,
            "com.hazelcast.cp", Level.ERROR, // It warns of a part that Weir does not use.
            "com.hazelcast.instance.impl.Node", Level.ERROR,
            "com.hazelcast.internal.partition.InternalPartitionService", Level.ERROR,
            "com.hazelcast.internal.server.tcp.TcpServerConnection", Level.ERROR,
            "com.hazelcast.internal.server.tcp.TcpServerConnectionErrorHandler", Level.ERROR,
            "io.vertx.launcher", Level.WARN,
            "io.netty", Level.WARN);

    private final @Nullable LoggerContext context;
    private final boolean ownFile;

    private Logging(@Nullable LoggerContext context, boolean ownFile) {
        this.context = context;
        this.ownFile = ownFile;
    }

    /** Leaves the log as it is. */
    static Logging untouched() {
        return new Logging(null, false);
    }

    /**
     * Takes over the log of this process. Blocking: while starting.
     *
     * @throws ConfigException when {@code conf/logback.xml} is there and cannot be used
     */
    static Logging ofProcess(LoadedConfig loaded) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return untouched();
        }
        Path file = loaded.home().resolve("conf").resolve("logback.xml");
        boolean ownFile = Files.exists(file);
        if (ownFile) {
            read(context, file);
        }
        Logging logging = new Logging(context, ownFile);
        logging.use(loaded.config().log());
        return logging;
    }

    private static void read(LoggerContext context, Path file) {
        context.reset();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        try {
            configurator.doConfigure(file.toFile());
        } catch (JoranException e) {
            throw unusable(file, String.valueOf(e.getMessage()));
        }
        if (new StatusUtil(context).getHighestLevel(0) >= Status.ERROR) {
            throw unusable(file, firstError(context));
        }
        QUIET.forEach((name, level) -> {
            Logger logger = context.getLogger(name);
            logger.setLevel(logger.getLevel() == null ? level : logger.getLevel());
        });
    }

    private static String firstError(LoggerContext context) {
        return context.getStatusManager().getCopyOfStatusList().stream()
                .filter(status -> status.getEffectiveLevel() >= Status.ERROR)
                .map(Status::getMessage)
                .findFirst()
                .orElse("");
    }

    private static ConfigException unusable(Path file, String why) {
        return new ConfigException(List.of(new Problem(
                new Location(file.toString(), 0), "logback cannot use it: " + why, "correct it, or remove it")));
    }

    /** Format and level from now on; {@code conf/logback.xml} overrules both. */
    void use(LogConfig config) {
        if (context == null || ownFile) {
            return;
        }
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.valueOf(config.level().name()));
        if (root.getAppender(APPENDER) instanceof ConsoleAppender<ILoggingEvent> console) {
            console.setEncoder(encoder(config.format(), context));
        }
    }

    /** Names the node in every line from now on that has a place for it. */
    void node(String id) {
        if (context != null) {
            context.putProperty(JsonLog.NODE, id);
        }
    }

    static Encoder<ILoggingEvent> encoder(LogConfig.Format format, LoggerContext context) {
        EncoderBase<ILoggingEvent> encoder = format == LogConfig.Format.JSON ? new JsonLog() : text();
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    private static TextLog text() {
        TextLog encoder = new TextLog();
        encoder.setPattern(TextLog.PATTERN);
        return encoder;
    }
}
