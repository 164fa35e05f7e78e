package dev.weir.flow.sink;

import dev.weir.bus.Addresses;
import dev.weir.event.EventHeaders;
import dev.weir.expression.Expression;
import dev.weir.expression.Expressions;
import dev.weir.flow.FlowEvent;
import dev.weir.flow.Hold;
import dev.weir.flow.Keys;
import dev.weir.flow.Stage;
import dev.weir.flow.StageContext;
import dev.weir.flow.StageException;
import dev.weir.flow.StageOption;
import dev.weir.flow.StageOption.Kind;
import dev.weir.flow.StageOptions;
import dev.weir.flow.StageType;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Emits to an address, named or computed. */
final class AddressTarget implements Stage {
    static final StageType TYPE = new StageType(
            "address",
            "Emits to an address of the event bus.",
            "To a journaled address of a journaled flow exactly once, in the transaction that says how far the flow has read; to a"
                    + " journaled address of another flow at least once; to a plain address at most once.",
            "to",
            List.of(
                    StageOption.optional("to", Kind.TEXT, "The address."),
                    StageOption.optional(
                            "compute", Kind.EXPRESSION, "Instead of `to`: an expression that gives the address."),
                    StageOption.optional(
                            "type", Kind.EXPRESSION, "The type of what is emitted; without it the event's."),
                    StageOption.optional("key", Kind.EXPRESSION, "The key of what is emitted; without it the event's."),
                    StageOption.optional(
                            "data", Kind.EXPRESSION, "The data of what is emitted; without it the event's.")),
            StageType.Traits.PLAIN,
            "address: alerts.slow",
            AddressTarget::make);

    private record Made(
            @Nullable String to,
            @Nullable Expression compute,
            @Nullable Expression type,
            @Nullable Expression key,
            @Nullable Expression data) {}

    private final StageContext context;
    private final Made made;

    private AddressTarget(StageContext context, Made made) {
        this.context = context;
        this.made = made;
    }

    private static StageType.Factory make(StageOptions options) {
        String to = options.optionalText("to");
        if ((to == null) == !options.has("compute")) {
            options.wrong(
                    "to",
                    "an address, or an expression that computes it",
                    "write address: NAME or compute: EXPRESSION");
        } else if (to != null && !Addresses.isValid(to)) {
            options.wrong("to", "'" + to + "' is no address", "write it as in orders or chat.lobby");
        }
        if (to != null) {
            options.emits(to);
        }
        Made made = new Made(
                to,
                options.optionalExpression("compute"),
                options.optionalExpression("type"),
                options.optionalExpression("key"),
                options.optionalExpression("data"));
        return context -> new AddressTarget(context, made);
    }

    @Override
    public void accept(FlowEvent event) {
        MultiMap headers = event.emission();
        if (made.type != null) {
            headers.set(EventHeaders.TYPE, Keys.of(made.type.evaluate(event)));
        }
        if (made.key != null) {
            headers.set(EventHeaders.SUBJECT, Keys.of(made.key.evaluate(event)));
        }
        Object data = made.data == null ? event.data() : Expressions.toJson(made.data.evaluate(event));
        Future<?> published = context.publish(address(event), headers, data);
        if (published == null) {
            return;
        }
        Hold hold = context.hold(event);
        published.onSuccess(kept -> hold.done()).onFailure(hold::fail);
    }

    private String address(FlowEvent event) {
        if (made.compute == null) {
            return String.valueOf(made.to);
        }
        String computed = Keys.of(made.compute.evaluate(event));
        if (!Addresses.isValid(computed)) {
            throw new StageException("'" + computed + "', which " + made.compute.text()
                    + " gave, is no address: it takes segments of letters, digits and _ ~ @ : + - joined by dots");
        }
        return computed;
    }
}
