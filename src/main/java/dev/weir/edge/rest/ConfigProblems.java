package dev.weir.edge.rest;

import dev.weir.bus.FailureCode;
import dev.weir.config.ConfigException;
import dev.weir.config.Location;
import dev.weir.config.Problem;
import dev.weir.edge.ProblemResponses;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** The answer to what has the rules of the configuration and broke some: all of them, each with its mend. Stateless. */
final class ConfigProblems {
    private static final int UNPROCESSABLE = 422;

    private ConfigProblems() {}

    /** Problems as a verticle told them: {@code [{file, line, message, mend}]}. */
    static ConfigException of(JsonArray told) {
        return new ConfigException(told.stream()
                .map(JsonObject.class::cast)
                .map(each -> new Problem(
                        new Location(each.getString("file"), each.getInteger("line")),
                        each.getString("message"),
                        each.getString("mend")))
                .toList());
    }

    /**
     * Answers with the problems, or fails as usual when it is no such failure.
     *
     * @param title what has problems
     */
    static void answer(RoutingContext routing, String title, Throwable failure) {
        if (!(failure instanceof ConfigException wrong)) {
            routing.fail(500, failure);
            return;
        }
        JsonArray problems = new JsonArray();
        for (Problem problem : wrong.problems()) {
            problems.add(new JsonObject()
                    .put("at", problem.at().toString())
                    .put("message", problem.message())
                    .put("mend", problem.mend()));
        }
        JsonObject body = new JsonObject()
                .put("type", "about:blank")
                .put("status", UNPROCESSABLE)
                .put("title", title + " has problems, so nothing was changed")
                .put("code", FailureCode.REJECTED.word())
                .put("detail", wrong.getMessage())
                .put("problems", problems);
        routing.response()
                .setStatusCode(UNPROCESSABLE)
                .putHeader(HttpHeaders.CONTENT_TYPE, ProblemResponses.MEDIA_TYPE)
                .end(body.toBuffer());
    }
}
