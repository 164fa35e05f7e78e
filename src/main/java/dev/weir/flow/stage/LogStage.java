package dev.weir.flow.stage;

import dev.weir.expression.Expression;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.Keeps;
import dev.weir.flow.Keys;
import dev.weir.flow.Stage;
import dev.weir.flow.StageContext;
import dev.weir.flow.StageOption;
import dev.weir.flow.StageOption.Kind;
import dev.weir.flow.StageOptions;
import dev.weir.flow.StageType;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Writes events to the log of the node and gives them on. */
final class LogStage implements Stage {
    static final StageType TYPE = new StageType(
            "log",
            "Writes a line to the node's log for an event, and gives the event on.",
            "Every event is given on. Lines beyond the rate are left out and counted as `unlogged`. Tests and dry runs write no"
                    + " lines.",
            "message",
            List.of(
                    StageOption.optional(
                            "message",
                            Kind.EXPRESSION,
                            "What is written, at most 1000 characters; without it the type, id, key and data."),
                    StageOption.choice("level", List.of("info", "debug", "warn", "error"), "The level of the line."),
                    StageOption.text("rate", "10/s", "How many lines are written at most, on each node.")),
            StageType.Traits.PLAIN,
            "log: {message: \"'slow: ' + event.data.path\", level: warn}",
            LogStage::make);

    private static final Logger LOG = LoggerFactory.getLogger(LogStage.class);
    private static final int LONGEST = 1_000;

    private final StageContext context;
    private final @Nullable Expression message;
    private final Level level;
    private final Allowance allowance;

    private LogStage(StageContext context, @Nullable Expression message, Level level, double perSecond) {
        this.context = context;
        this.message = message;
        this.level = level;
        this.allowance = new Allowance(perSecond, context.clock());
    }

    private static StageType.Factory make(StageOptions options) {
        options.keeps(Keeps.EVENT);
        Expression message = options.optionalExpression("message");
        Level level = Level.valueOf(options.choice("level").toUpperCase(Locale.ROOT));
        double perSecond = Allowance.rate(options, "rate");
        return context -> new LogStage(context, message, level, perSecond);
    }

    @Override
    public void accept(FlowEvent event) {
        String line = message == null ? null : Keys.of(message.evaluate(event));
        if (!allowance.take()) {
            context.count("unlogged", 1);
        } else if (context.rehearsal() == null) {
            LOG.atLevel(level)
                    .log("flow {}, {}: {}", context.flow(), context.id(), shown(line == null ? describe(event) : line));
        }
        context.emit(event);
    }

    private static String describe(FlowEvent event) {
        return event.type() + " " + event.id() + (event.key() == null ? "" : " of " + event.key()) + ": "
                + event.data();
    }

    /** One line, whatever the event holds. */
    static String shown(String text) {
        String cut = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
        StringBuilder line = new StringBuilder(cut.length());
        cut.chars().forEach(c -> line.append(Character.isISOControl(c) ? ' ' : (char) c));
        return line.toString();
    }
}
