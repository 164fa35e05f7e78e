package dev.weir.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonCloudEventData;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The CloudEvents SDK reads what Weir writes and writes what Weir reads. The seed is fixed: a failure repeats. */
class CloudEventsSdkTest {
    private static final int EVENTS = 1_000;
    private static final io.cloudevents.jackson.JsonFormat SDK = new io.cloudevents.jackson.JsonFormat();
    private static final ObjectMapper MAPPER =
            new ObjectMapper().registerModule(io.cloudevents.jackson.JsonFormat.getCloudEventJacksonModule());
    private static final String[] WORDS = {"a", "ü", "€", "😀", "\"", "\\", "/", " ", "0", "é́", "<b>"};

    private final Random random = new Random(20260228);

    @Test
    void theSdkReadsWhatWeirWrites() {
        for (int i = 0; i < EVENTS; i++) {
            Event event = event(i);
            assertSame(event, SDK.deserialize(JsonFormat.encode(event).getBytes()));
        }
    }

    @Test
    void weirReadsWhatTheSdkWrites() throws Exception {
        for (int i = 0; i < EVENTS; i++) {
            CloudEvent event = sdkEvent(i);
            assertSame(read(JsonFormat.decode(Buffer.buffer(SDK.serialize(event)))), event);
        }
    }

    @Test
    void batchesAgreeBothWays() throws Exception {
        List<Event> events = new ArrayList<>();
        List<CloudEvent> sdkEvents = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            events.add(event(i));
            sdkEvents.add(sdkEvent(i));
        }
        CloudEvent[] read = MAPPER.readValue(JsonFormat.encodeBatch(events).getBytes(), CloudEvent[].class);
        List<Incoming> incoming = JsonFormat.decodeBatch(Buffer.buffer(MAPPER.writeValueAsBytes(sdkEvents)));
        assertThat(read).hasSize(100);
        assertThat(incoming).hasSize(100);
        for (int i = 0; i < 100; i++) {
            assertSame(events.get(i), read[i]);
            assertSame(read(incoming.get(i)), sdkEvents.get(i));
        }
    }

    private static Event read(Incoming incoming) {
        MultiMap headers = incoming.headers();
        return EventHeaders.fromMessage("/none", () -> Instant.EPOCH, headers, incoming.data());
    }

    private Event event(int i) {
        EventBuilder event = Event.builder()
                .id("id-" + i)
                .source("urn:weir:" + random.nextInt(100))
                .type("type." + word())
                .time(Instant.ofEpochSecond(random.nextLong(4_000_000_000L), random.nextInt(1_000_000_000)))
                .subject(random.nextBoolean() ? word() : null)
                .dataschema(random.nextBoolean() ? "urn:schema:" + i : null);
        for (int n = random.nextInt(4); n > 0; n--) {
            event.extension("ext" + random.nextInt(9), word());
        }
        switch (random.nextInt(4)) {
            case 0 -> event.datacontenttype("application/octet-stream").data(Buffer.buffer(bytes()));
            case 1 -> event.datacontenttype("text/plain").data(word());
            case 2 -> event.datacontenttype("application/json").data(value(3));
            default -> event.data(null);
        }
        return event.build();
    }

    private CloudEvent sdkEvent(int i) throws Exception {
        CloudEventBuilder event = CloudEventBuilder.v1()
                .withId("id-" + i)
                .withSource(URI.create("/sdk/" + random.nextInt(100)))
                .withType("type." + word())
                .withTime(OffsetDateTime.ofInstant(
                        Instant.ofEpochSecond(random.nextLong(4_000_000_000L), random.nextInt(1_000_000_000)),
                        ZoneOffset.ofTotalSeconds(60 * random.nextInt(-720, 720))))
                .withExtension("text", word())
                .withExtension("whole", random.nextInt())
                .withExtension("truth", random.nextBoolean());
        if (random.nextBoolean()) {
            event.withSubject(word()).withDataSchema(URI.create("urn:schema:" + i));
        }
        switch (random.nextInt(4)) {
            case 0 -> event.withData("application/octet-stream", bytes());
            case 1 -> event.withData("text/plain", word().getBytes(StandardCharsets.UTF_8));
            case 2 ->
                event.withData("application/json", JsonCloudEventData.wrap(MAPPER.readTree(Json.encode(value(3)))));
            default -> event.withoutData();
        }
        return event.build();
    }

    private String word() {
        StringBuilder word = new StringBuilder();
        for (int n = random.nextInt(1, 8); n > 0; n--) {
            word.append(WORDS[random.nextInt(WORDS.length)]);
        }
        return word.toString();
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(1, 40)];
        random.nextBytes(bytes);
        return bytes;
    }

    private Object value(int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> word();
            case 1 -> random.nextInt();
            case 2 -> random.nextLong();
            case 3 -> random.nextDouble();
            case 4 -> random.nextBoolean();
            case 5 ->
                new JsonObject()
                        .put(word(), value(depth - 1))
                        .put(word(), value(depth - 1))
                        .putNull("nothing");
            default ->
                new JsonArray().add(value(depth - 1)).add(value(depth - 1)).addNull();
        };
    }

    private static void assertSame(Event ours, CloudEvent theirs) {
        assertThat(theirs.getId()).isEqualTo(ours.id());
        assertThat(theirs.getSource()).isEqualTo(URI.create(ours.source()));
        assertThat(theirs.getType()).isEqualTo(ours.type());
        assertThat(theirs.getSubject()).isEqualTo(ours.subject());
        assertThat(theirs.getTime().toInstant()).isEqualTo(ours.time());
        assertThat(theirs.getDataContentType()).isEqualTo(ours.datacontenttype());
        assertThat(theirs.getDataSchema()).isEqualTo(ours.dataschema() == null ? null : URI.create(ours.dataschema()));
        Map<String, String> extensions = new TreeMap<>();
        for (String name : theirs.getExtensionNames()) {
            extensions.put(name, String.valueOf(theirs.getExtension(name)));
        }
        assertThat(extensions).isEqualTo(ours.extensions());
        assertThat(plain(theirs.getData(), ours.data() instanceof Buffer)).isEqualTo(ours.data());
    }

    /** The SDK keeps JSON as a tree and all else as bytes. */
    private static Object plain(CloudEventData data, boolean bytes) {
        if (data == null) {
            return null;
        }
        if (data instanceof JsonCloudEventData json) {
            JsonNode node = json.getNode();
            return Json.decodeValue(node.toString());
        }
        Buffer raw = Buffer.buffer(data.toBytes());
        return bytes ? raw : raw.toString();
    }
}
