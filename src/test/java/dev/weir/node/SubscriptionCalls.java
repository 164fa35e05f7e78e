package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.TestNode;
import dev.weir.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** What consumers and operators of subscriptions ask over HTTP. */
final class SubscriptionCalls {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private SubscriptionCalls() {}

    static String token(String role) {
        return Tokens.hs256(Tokens.claims("eve", 60).put("roles", new JsonArray().add(role)));
    }

    static HttpResponse<String> call(TestNode node, String method, String path, @Nullable String role, String body)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.url(path)))
                .header("content-type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (role != null) {
            request.header("authorization", "Bearer " + token(role));
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    static JsonObject ok(TestNode node, String method, String path, String role, String body) throws Exception {
        HttpResponse<String> response = call(node, method, path, role, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new JsonObject(response.body());
    }

    static void publish(TestNode node, String type, String key, int n) throws Exception {
        String path = "/v1/addresses/orders/events?type=" + type + "&subject=" + key;
        assertThat(call(node, "POST", path, null, "{\"n\":" + n + "}").statusCode())
                .isEqualTo(201);
    }

    static JsonArray pull(TestNode node, String subscription, String query) throws Exception {
        return ok(node, "POST", "/v1/subscriptions/" + subscription + "/pull?" + query, "billing", "")
                .getJsonArray("deliveries");
    }

    static String settle(TestNode node, JsonObject delivery, String outcome) throws Exception {
        return settle(node, "billing", delivery, outcome);
    }

    static String settle(TestNode node, String subscription, JsonObject delivery, String outcome) throws Exception {
        JsonObject item = new JsonObject().put("id", delivery.getString("id")).put("outcome", outcome);
        String body = new JsonObject()
                .put("items", new JsonArray().add(item.put("error", "no luck")))
                .encode();
        return ok(node, "POST", "/v1/subscriptions/" + subscription + "/settle", "billing", body)
                .getJsonArray("results")
                .getString(0);
    }
}
