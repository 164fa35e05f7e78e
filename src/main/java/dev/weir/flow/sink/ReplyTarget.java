package dev.weir.flow.sink;

import dev.weir.expression.Expression;
import dev.weir.expression.Expressions;
import dev.weir.flow.Asker;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.Rehearsal;
import dev.weir.flow.Stage;
import dev.weir.flow.StageContext;
import dev.weir.flow.StageOption;
import dev.weir.flow.StageOption.Kind;
import dev.weir.flow.StageType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers the request that came in. */
record ReplyTarget(StageContext context, @Nullable Expression data) implements Stage {
    static final StageType TYPE = new StageType(
            "reply",
            "Answers the request with which the event came; for flows that read an address for requests.",
            "At most once, to whoever asked. An event that is no request, or whose asker was on a node that is gone, is dropped and"
                    + " counted. An error of the flow answers the request with it.",
            "data",
            List.of(StageOption.optional("data", Kind.EXPRESSION, "The answer; without it the event's data.")),
            StageType.Traits.OUTSIDE,
            "reply: {data: event.data.price}",
            options -> {
                Expression data = options.optionalExpression("data");
                return context -> new ReplyTarget(context, data);
            });

    @Override
    public void accept(FlowEvent event) {
        Object answer = data == null ? event.data() : Expressions.toJson(data.evaluate(event));
        Rehearsal rehearsal = context.rehearsal();
        Asker asker = event.arrival().asker();
        if (rehearsal != null) {
            rehearsal.emitted(context.id(), event.withData(answer));
        } else if (asker == null) {
            context.drop(event);
        } else {
            asker.reply(event.emission(), answer);
        }
    }
}
