package dev.weir.flow.stage;

import dev.weir.expression.Expression;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.Keeps;
import dev.weir.flow.Stage;
import dev.weir.flow.StageContext;
import dev.weir.flow.StageOption;
import dev.weir.flow.StageOption.Kind;
import dev.weir.flow.StageType;
import java.util.List;

/** Lets pass what fits. */
record FilterStage(StageContext context, Expression when) implements Stage {
    static final StageType TYPE = new StageType(
            "filter",
            "Lets those events pass for which a condition holds.",
            "Nothing is remembered; an event is passed on or dropped, and counted.",
            "when",
            List.of(StageOption.required("when", Kind.EXPRESSION, "The condition, over `event`.")),
            StageType.Traits.PLAIN,
            "filter: event.data.millis > 500",
            options -> {
                Expression when = options.expression("when");
                options.keeps(Keeps.EVENT);
                return context -> new FilterStage(context, when);
            });

    @Override
    public void accept(FlowEvent event) {
        if (when.test(event)) {
            context.emit(event);
        } else {
            context.drop(event);
        }
    }
}
