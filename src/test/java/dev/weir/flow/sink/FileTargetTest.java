package dev.weir.flow.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.TestNode;
import dev.weir.Tokens;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import dev.weir.flow.FlowRig;
import dev.weir.time.VirtualTime;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The target file: what lines are, when files are put aside, and that a kept flow loses none. */
class FileTargetTest {
    private static final String YAML = """
            addresses:
              - {match: orders, publish: anyone, keep: {events: 10000}}
            """;

    @TempDir
    Path home;

    private final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));

    private final List<Path> aside = new ArrayList<>();

    private RotatingFile file(
            long mostBytes, @Nullable Duration every, int keep, boolean gzip, @Nullable String header) {
        byte[] first = header == null ? null : LineFormat.bytes(header);
        return new RotatingFile(
                home.resolve("out").resolve("a.csv"),
                new RotatingFile.Rotation(mostBytes, every, keep, gzip, true),
                first,
                time,
                aside::add);
    }

    private static List<byte[]> lines(String... lines) {
        List<byte[]> all = new ArrayList<>();
        for (String line : lines) {
            all.add(LineFormat.bytes(line));
        }
        return all;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(home.resolve("out"))) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private String text(String name) throws IOException {
        return Files.readString(home.resolve("out").resolve(name));
    }

    @Test
    void largeFilesArePutAsideAndTheOldestDeleted() throws Exception {
        RotatingFile file = file(10, null, 2, false, "h");
        file.append(lines("1234", "567", "89", "a line that is too long", "b"));
        file.close();
        assertThat(names()).containsExactly("a.20260101T000000000_001.csv", "a.20260101T000000000_002.csv", "a.csv");
        assertThat(text("a.20260101T000000000_001.csv")).isEqualTo("h\n567\n89\n");
        assertThat(text("a.20260101T000000000_002.csv")).isEqualTo("h\na line that is too long\n");
        assertThat(text("a.csv")).isEqualTo("h\nb\n");
    }

    @Test
    void oldFilesArePutAsideAndCompressed() throws Exception {
        RotatingFile file = file(1000, Duration.ofHours(1), 2, true, null);
        file.append(lines("a"));
        time.advance(Duration.ofMinutes(59));
        file.append(lines("b"));
        time.advance(Duration.ofMinutes(1));
        file.append(lines("c"));
        file.close();
        assertThat(names()).containsExactly("a.20260101T010000000.csv", "a.csv");
        // A process that ended before it was compressed, in the midst of it, finds it again.
        Files.writeString(home.resolve("out").resolve("a.20260101T010000000.csv.gz.part"), "some of it");
        file(1000, null, 2, true, null).append(lines("d"));
        assertThat(aside).hasSize(2).containsOnly(aside.get(0));
        try (Compression one = new Compression(aside.get(0));
                Compression other = new Compression(aside.get(1))) {
            assertThat(one.more() || other.more()).isFalse();
        }
        assertThat(names()).containsExactly("a.20260101T010000000.csv.gz", "a.csv");
        try (GZIPInputStream in =
                new GZIPInputStream(Files.newInputStream(home.resolve("out").resolve("a.20260101T010000000.csv.gz")))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("a\nb\n");
        }
        assertThat(text("a.csv")).isEqualTo("c\nd\n");
    }

    @Test
    void aLineThatIsThereInPartSpoilsNoOther() throws Exception {
        Files.createDirectories(home.resolve("out"));
        Files.writeString(home.resolve("out").resolve("a.csv"), "h\n1,2\n3");
        RotatingFile file = file(1000, null, 2, false, "h");
        file.append(lines("4,5"));
        file.close();
        assertThat(text("a.csv")).isEqualTo("h\n1,2\n3\n4,5\n");
    }

    @Test
    void linesAreJsonCsvOrText() {
        FlowRig.check("""
                flow: log
                from: orders
                to:
                  - file: out/all.ndjson
                  - {file: out/some.ndjson, data: "{'n': event.data.n}"}
                  - {file: "out/{event.key}.csv", format: csv, columns: {n: event.data.n, "a,b": event.data.text}}
                  - {file: out/all.log, format: lines, data: event.data.text}
                tests:
                  - name: lines
                    given: [{key: k, data: {n: 1, text: "say \\"a\\"\\nb"}}]
                    expect:
                      - {address: file, data: {n: 1, text: "say \\"a\\"\\nb"}}
                      - {address: file-2, data: {n: 1}}
                      - {address: file-3, data: "1,\\"say \\"\\"a\\"\\"\\nb\\""}
                      - {address: file-4, data: "say \\"a\\" b"}
                """);
        assertThat(FlowRig.failures("""
                flow: log
                from: orders
                to: {file: "out/{event.key}.ndjson"}
                tests:
                  - {name: leads elsewhere, given: [{key: ../x, data: 1}], expect: []}
                """))
                .singleElement()
                .asString()
                .contains("'../x' cannot be a part of a file's name");
    }

    @Test
    void aFileIsCompressedOnceAndAPartAtATime() throws Exception {
        Path file = Files.write(home.resolve("large"), new byte[20 * 1024 * 1024]);
        try (Compression one = new Compression(file);
                Compression other = new Compression(file)) {
            assertThat(one.more()).isTrue();
            assertThat(other.more()).as("another one does it").isFalse();
            assertThat(one.more()).isTrue();
            assertThat(one.more()).isFalse();
            assertThat(other.more()).as("it is done").isFalse();
        }
        assertThat(file).doesNotExist();
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(home.resolve("large.gz")))) {
            assertThat(in.readAllBytes()).hasSize(20 * 1024 * 1024);
        }
        Files.write(file, new byte[20 * 1024 * 1024]);
        try (Compression one = new Compression(file)) {
            assertThat(one.more()).isTrue();
        }
        assertThat(home.resolve("large.gz.part")).doesNotExist();
        assertThat(file).exists();
    }

    @Test
    void onAFullDiskEventsWaitAndAllAreWrittenOnceThereIsRoom() throws Exception {
        Path folder = Files.createDirectories(home.resolve("conf").resolve("flows"));
        Files.writeString(folder.resolve("log.yaml"), """
                flow: log
                from: orders
                to: {file: "out/{event.key}.ndjson", retry: {backoff: [100ms], attempts: 1000}}
                """);
        Path out = Files.createDirectories(home.resolve("out"));
        // The kernel says that there is no space left on whatever is written there.
        Path odd = Files.createSymbolicLink(out.resolve("odd.ndjson"), Path.of("/dev/full"));
        int all = 1500;
        try (TestNode node = TestNode.start(home, "auth: {jwt: {secret: '" + Tokens.SECRET + "'}}\n" + YAML)) {
            Publisher publisher = Objects.requireNonNull(Publisher.of(node.vertx()));
            List<Future<?>> published = new ArrayList<>();
            for (int i = 0; i < all; i++) {
                MultiMap headers = MultiMap.caseInsensitiveMultiMap().set("ce-subject", i % 2 == 0 ? "even" : "odd");
                published.add(
                        publisher.publish(Origin.node("test"), "orders", headers, new JsonObject().put("n", i), 0));
            }
            Future.all(published).await(30, TimeUnit.SECONDS);
            await().untilAsserted(() -> assertThat(flows(node))
                    .contains("odd.ndjson: java.io.IOException: No space left on device; events wait")
                    .contains("\"state\":\"running\""));
            assertThat(Files.size(odd)).isZero();
            Files.delete(odd);
            await().untilAsserted(() -> assertThat(written()).hasSize(all));
        }
        List<Integer> numbers = written().stream()
                .map(line -> new JsonObject(line).getInteger("n"))
                .toList();
        assertThat(numbers).doesNotHaveDuplicates().hasSize(all);
        assertThat(numbers.stream().filter(n -> n % 2 == 1)).isSorted();
    }

    private static String flows(TestNode node) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url("/v1/flows")))
                .header(
                        "authorization",
                        "Bearer " + Tokens.hs256(Tokens.claims("op", 60).put("roles", new JsonArray().add("operator"))))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void aKeptFlowWritesAllAndGoesOnWhereItWas() throws Exception {
        Path folder = Files.createDirectories(home.resolve("conf").resolve("flows"));
        Files.writeString(
                folder.resolve("log.yaml"),
                "flow: log\nfrom: orders\nto: {file: \"out/{event.key}.ndjson\", max-size: 1KiB, keep: 1000}\n");
        int each = 100;
        for (int round = 0; round < 2; round++) {
            try (TestNode node = TestNode.start(home, YAML)) {
                for (int i = 0; i < each; i++) {
                    Objects.requireNonNull(Publisher.of(node.vertx()))
                            .publish(
                                    Origin.node("test"),
                                    "orders",
                                    MultiMap.caseInsensitiveMultiMap().set("ce-subject", i % 2 == 0 ? "even" : "odd"),
                                    new JsonObject().put("n", round * each + i).put("text", "-".repeat(50)),
                                    0)
                            .await(30, TimeUnit.SECONDS);
                }
                int expected = (round + 1) * each;
                await().ignoreExceptions()
                        .untilAsserted(() -> assertThat(written()).hasSizeGreaterThanOrEqualTo(expected));
            }
        }
        List<Integer> even = written().stream()
                .map(line -> new JsonObject(line).getInteger("n"))
                .filter(n -> n % 2 == 0)
                .distinct()
                .toList();
        assertThat(even).hasSize(each).isSorted();
        assertThat(names()).contains("even.ndjson", "odd.ndjson").hasSizeGreaterThan(2);
    }

    /** The lines of all files, those of one name in their order. */
    private List<String> written() throws IOException {
        List<String> lines = new ArrayList<>();
        Path out = home.resolve("out");
        if (!Files.isDirectory(out)) {
            return lines;
        }
        // While a file is put aside its name changes; then what is written is looked at again.
        List<String> names = names();
        for (String name : names.stream()
                .filter(name -> name.matches("[a-z]+\\..+\\.ndjson"))
                .toList()) {
            lines.addAll(Files.readAllLines(out.resolve(name)));
        }
        for (String name : List.of("even.ndjson", "odd.ndjson")) {
            if (Files.exists(out.resolve(name))) {
                lines.addAll(Files.readAllLines(out.resolve(name)));
            }
        }
        return lines;
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThat(FlowRig.problems("""
                flow: log
                from: orders
                to:
                  - {file: ../out.ndjson}
                  - {file: "{event.key}.ndjson"}
                  - {file: out/}
                  - {file: out/x.csv, format: csv}
                  - {file: out/x, columns: {a: event.data}}
                """))
                .satisfiesExactly(
                        one -> assertThat(one)
                                .isEqualTo(
                                        "flow.yaml:4: file.file: it leads out of WEIR_HOME\n    write an absolute path if that is right"),
                        one -> assertThat(one).contains("flow.yaml:5: file.file: an event cannot say in which folder"),
                        one -> assertThat(one).contains("flow.yaml:6: file.file: it is a folder"),
                        one -> assertThat(one).contains("flow.yaml:7: file.columns: CSV has columns"),
                        one -> assertThat(one).contains("flow.yaml:8: file.columns: only CSV has columns"));
    }
}
