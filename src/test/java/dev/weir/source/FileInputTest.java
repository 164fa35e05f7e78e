package dev.weir.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.Position;
import dev.weir.config.Problems;
import dev.weir.config.RawValue;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of every kind and what may be wrong with them, read from YAML's values as a node would. */
class FileInputTest {
    @TempDir
    private Path home;

    @Test
    void linesOfJsonAreRecordsAndWhatIsNoneIsReportedWithItsLine() throws IOException {
        write(
                "a.ndjson",
                "{\"a\":1}\r\n\n  {\"a\":{\"b\":[1,2.5,null,true,\"\\u00e4\"]}}\n{\"a\":\n[1] 2\n7\n99999999999999999999\n\"last\"");
        InputProbe probe = read("a.ndjson");
        assertThat(probe.texts())
                .containsExactly("{\"a\":1}", "{\"a\":{\"b\":[1,2.5,null,true,\"\u00e4\"]}}", "7", "last");
        assertThat(probe.bad).hasSize(3);
        assertThat(probe.bad.get(0)).contains("a.ndjson:4 no JSON: ");
        assertThat(probe.bad.get(1)).contains("a.ndjson:5 no JSON: something follows the value (column 5)");
        assertThat(probe.bad.get(2)).contains("a.ndjson:7 the number 99999999999999999999 has more than 64 bits");
        assertThat(probe.ended).isTrue();
        assertThat(probe.got.get(0).type()).isEqualTo("record");
    }

    @Test
    void csvIsReadAsRfc4180SaysAndAsProgramsWriteIt() throws IOException {
        write(
                "a.csv",
                "\uFEFFid,name,\"the \"\"note\"\"\",n,n\r\n"
                        + "1,Ann,\"a, \"\"b\"\"\r\nnext line\",1.50,-7\r\n"
                        + "\r\n"
                        + "007,,\" \",1e3,12345678901234567890\n"
                        + "\"3\",x,y,-0.1,9007199254740993\n"
                        + "4,only\n"
                        + "5,\"x\"y,,1,2\n"
                        + "6,5\" pipe,caf\u00e9,.5,1.\n"
                        + "8,b,c,0.1234567890123456789,3000000000");
        InputProbe probe = read("a.csv");
        assertThat(probe.texts())
                .containsExactly(
                        "{\"id\":1,\"name\":\"Ann\",\"the \\\"note\\\"\":\"a, \\\"b\\\"\\r\\nnext line\",\"n\":1.5,\"n_2\":-7}",
                        "{\"id\":\"007\",\"name\":null,\"the \\\"note\\\"\":\" \",\"n\":1000.0,\"n_2\":\"12345678901234567890\"}",
                        "{\"id\":3,\"name\":\"x\",\"the \\\"note\\\"\":\"y\",\"n\":-0.1,\"n_2\":9007199254740993}",
                        "{\"id\":6,\"name\":\"5\\\" pipe\",\"the \\\"note\\\"\":\"caf\u00e9\",\"n\":\".5\",\"n_2\":\"1.\"}",
                        "{\"id\":8,\"name\":\"b\",\"the \\\"note\\\"\":\"c\",\"n\":0.12345678901234568,\"n_2\":3000000000}");
        assertThat(probe.bad).hasSize(2);
        assertThat(probe.bad.get(0)).contains("a.csv:7 it has 2 fields, expected 5: id, name, the \"note\", n, n_2");
        assertThat(probe.bad.get(1)).contains("a.csv:8 'y' follows the closing quote of a field");
    }

    @Test
    void csvWithoutHeaderWithOtherDelimitersAndAsText() throws IOException {
        write("a.tsv", "1\tx\n2\ty\n");
        assertThat(read("a.tsv", "header", false).texts())
                .containsExactly("{\"c1\":1,\"c2\":\"x\"}", "{\"c1\":2,\"c2\":\"y\"}");
        write("b.csv", "1;\"a;b\"\n;z");
        assertThat(read(
                                "b.csv",
                                "header",
                                false,
                                "columns",
                                List.of(RawValue.of("n"), RawValue.of("s")),
                                "delimiter",
                                ";",
                                "values",
                                "text")
                        .texts())
                .containsExactly("{\"n\":\"1\",\"s\":\"a;b\"}", "{\"n\":\"\",\"s\":\"z\"}");
        write("c.csv", "a,b\n1,\"never closed\n2,x\n");
        assertThat(read("c.csv").bad)
                .singleElement()
                .asString()
                .contains("c.csv:2 the file ends inside a quoted field");
    }

    @Test
    void theElementsOfAnArrayAreRecords() throws IOException {
        write("a.json", "\n[ {\"a\":\"]},[\\\"\"} ,\n [1,[2]], \"x\\\\\", 12, tru,\n{\"b\" 1},{\"c\":\n3}\n]\n");
        InputProbe probe = read("a.json");
        assertThat(probe.texts()).containsExactly("{\"a\":\"]},[\\\"\"}", "[1,[2]]", "x\\", "12", "{\"c\":3}");
        assertThat(probe.bad).hasSize(2);
        assertThat(probe.bad.get(0)).contains("a.json:3 no JSON");
        assertThat(probe.bad.get(1)).contains("a.json:3 no JSON");
        assertThat(probe.ended).isTrue();
        write("empty.json", "[ ]");
        assertThat(read("empty.json").bad).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":1}    | 0 | found '{', expected a JSON array
            [1,2       | 1 | the file ends inside an element
            [1,2,      | 2 | the file ends before the array does; add ]
            [1 2]      | 1 | found '2', expected a comma or ]
            [1,]       | 1 | found ']', expected a value
            [1] x      | 1 | 'x' follows the end of the array
            """)
    void aBrokenArrayIsReadUpToWhereItBreaks(String text, int good, String error) throws IOException {
        write("a.json", text);
        InputProbe probe = read("a.json");
        assertThat(probe.got).hasSize(good);
        assertThat(probe.bad).singleElement().asString().contains(error);
        assertThat(probe.ended).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"ndjson", "csv", "json", "log", "ndjson.gz", "csv.gz"})
    void fromEveryPositionComesExactlyTheRest(String extension) throws IOException {
        String file = "a." + extension;
        write(file, sample(extension));
        InputProbe whole = read(file);
        assertThat(whole.got).hasSizeGreaterThan(4);
        for (int i = 0; i < whole.got.size(); i++) {
            InputProbe rest = new InputProbe().run(input(file), whole.got.get(i).at());
            assertThat(rest.texts()).isEqualTo(whole.texts().subList(i + 1, whole.got.size()));
            assertThat(rest.got.stream().map(InputProbe.Got::at))
                    .containsExactlyElementsOf(whole.got.stream()
                            .map(InputProbe.Got::at)
                            .skip(i + 1)
                            .toList());
        }
        assertThat(new InputProbe().run(input(file), new Position("other", 3)).texts())
                .isEqualTo(whole.texts());
    }

    private static String sample(String extension) {
        if (extension.startsWith("csv")) {
            return "\uFEFFa,b\n1,\"x\ny\"\n\n2,bad,line\n3,\"\"\"\"\n4,5\n5,\u00e4\n6,end";
        }
        return extension.equals("json")
                ? "[{\"a\":1},2,\n\"x,]\",[3],{},null,{\"a\":[{}]}]"
                : "{\"a\":1}\n\n2\n{bad\n\"\u00e4\u00f6\"\r\n[4]\n5\n{\"end\":true}";
    }

    @Test
    void aRecordOfMoreThanAMebibyteIsLeftOut() throws IOException {
        String huge = "\"" + "x".repeat(3 << 20) + "\"";
        String large = "\"" + "y".repeat((1 << 20) - 10) + "\"";
        write("a.ndjson", "1\n" + huge + "\n" + large + "\n2\n" + huge);
        InputProbe probe = read("a.ndjson");
        assertThat(probe.got).hasSize(3);
        assertThat(probe.got.get(1).data()).isEqualTo(large.substring(1, large.length() - 1));
        assertThat(probe.bad).hasSize(2);
        assertThat(probe.bad.get(0)).contains("a.ndjson:2 the record is longer than 1 MiB");
        assertThat(probe.bad.get(1)).contains("a.ndjson:5 the record is longer than 1 MiB");
        write("a.json", "[1," + huge + ",{\"b\":" + huge + "},2]");
        assertThat(read("a.json").texts()).containsExactly("1", "2");
        write("a.csv", "a,b\n1," + huge + "\n2,3\n");
        assertThat(read("a.csv").texts()).containsExactly("{\"a\":2,\"b\":3}");
    }

    @Test
    void whoPausesGetsNothingMoreAndLittleIsReadAhead() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 400_000; i++) {
            text.append("{\"number\":").append(i).append("}\n");
        }
        write("a.ndjson", text.toString());
        Input input = input("a.ndjson");
        InputProbe probe = new InputProbe();
        probe.onEvent = event -> {
            if (probe.got.size() % 100_000 == 7) {
                input.pause();
            }
        };
        probe.run(input, null);
        for (int paused = 7; paused < 400_000; paused += 100_000) {
            assertThat(probe.got).as("nothing comes while it is paused").hasSize(paused);
            assertThat(probe.queued).as("nothing waits to be done").isEmpty();
            input.resume();
            probe.settle();
        }
        assertThat(probe.got).hasSize(400_000);
        assertThat(((JsonObject) Objects.requireNonNull(probe.got.get(399_999).data())).getInteger("number"))
                .isEqualTo(399_999);
        assertThat(probe.ended).isTrue();
    }

    @Test
    void aFollowedFileMayComeGrowBeReplacedAndBeShortened() throws IOException {
        InputProbe probe = new InputProbe().run(input("a.csv", "follow", true), null);
        assertThat(probe.ended).isFalse();
        write("a.csv", "n\n1\n2");
        probe.advance(Duration.ofSeconds(1));
        append("a.csv", "5\n3\n");
        probe.advance(Duration.ofSeconds(1));
        assertThat(probe.texts()).containsExactly("{\"n\":1}", "{\"n\":25}", "{\"n\":3}");
        Position before = probe.last();
        append("a.csv", "4");
        Files.move(home.resolve("a.csv"), home.resolve("a.csv.1"));
        probe.advance(Duration.ofSeconds(1));
        write("a.csv", "m\n5\n");
        probe.advance(Duration.ofSeconds(1));
        assertThat(probe.texts().subList(3, 5)).containsExactly("{\"n\":4}", "{\"m\":5}");
        assertThat(Objects.requireNonNull(probe.last()).epoch())
                .isNotEqualTo(Objects.requireNonNull(before).epoch());
        append("a.csv", "6\n7\n");
        probe.advance(Duration.ofSeconds(1));
        write("a.csv", "k\n8\n");
        probe.advance(Duration.ofSeconds(1));
        assertThat(probe.texts().subList(5, 8)).containsExactly("{\"m\":6}", "{\"m\":7}", "{\"k\":8}");
        assertThat(new InputProbe().run(input("a.csv"), before).texts())
                .as("another file now: from its beginning")
                .containsExactly("{\"k\":8}");
    }

    @Test
    void severalFilesAreReadInTheOrderOfTheirNames() throws IOException {
        write("log-2.ndjson", "3\n4\n");
        write("log-1.ndjson", "1\n2");
        write("other.ndjson", "0\n");
        InputProbe whole = read("log-*.ndjson");
        assertThat(whole.texts()).containsExactly("1", "2", "3", "4");
        for (int i = 0; i < 4; i++) {
            assertThat(new InputProbe()
                            .run(input("log-?.ndjson"), whole.got.get(i).at())
                            .texts())
                    .isEqualTo(whole.texts().subList(i + 1, 4));
        }
        InputProbe following = new InputProbe()
                .run(input("log-*.ndjson", "follow", true), whole.got.get(3).at());
        append("log-2.ndjson", "5\n6");
        write("log-3.ndjson", "7\n");
        following.advance(Duration.ofSeconds(1));
        assertThat(following.texts()).containsExactly("5", "6", "7");
        Files.delete(home.resolve("log-1.ndjson"));
        assertThat(new InputProbe()
                        .run(input("log-*.ndjson"), whole.got.get(0).at())
                        .texts())
                .as("a file that is gone was done")
                .containsExactly("3", "4", "5", "6", "7");
    }

    @Test
    void aFileIsPlayedByItsTimes() throws IOException {
        write("a.csv", "at,v\n2026-01-01 00:00:00,1\n2026-01-01 00:01:00,2\nnever,3\n2026-01-01 00:03:00,4\n");
        Input input = input("a.csv", "time", "at", "speed", 60, "key", "v", "type", "reading");
        InputProbe probe = new InputProbe().run(input, null);
        assertThat(probe.got).hasSize(1);
        probe.advance(Duration.ofMillis(999));
        assertThat(probe.got).hasSize(1);
        probe.advance(Duration.ofMillis(1));
        assertThat(probe.got).hasSize(2);
        assertThat(probe.bad).singleElement().asString().contains("a.csv:4 the time never cannot be read");
        input.pause();
        probe.advance(Duration.ofSeconds(5));
        assertThat(probe.got).hasSize(2);
        input.resume();
        probe.settle();
        assertThat(probe.got).extracting(InputProbe.Got::key).containsExactly("1", "2", "4");
        assertThat(probe.got.get(0).type()).isEqualTo("reading");
        assertThat(probe.ended).isTrue();
    }

    @Test
    void aPlayedFileBeginsAgain() throws IOException {
        write("a.ndjson", "{\"t\":1000}\n{\"t\":1001}\n");
        Input input = input("a.ndjson", "time", "t", "repeat", true);
        InputProbe probe = new InputProbe().run(input, null);
        assertThat(probe.got).hasSize(1);
        probe.advance(Duration.ofSeconds(1)).advance(Duration.ofSeconds(1));
        assertThat(probe.got)
                .as("the next round begins when the last record came")
                .hasSize(5);
        input.stop();
        probe.advance(Duration.ofSeconds(10));
        assertThat(probe.got).hasSize(5);
        assertThat(probe.ended).isFalse();
    }

    @Test
    void whatIsNotThereIsSaidOnce() throws IOException {
        assertThat(read("gone.csv").bad).singleElement().asString().contains("gone.csv does not exist");
        assertThat(read("gone*.csv").bad).singleElement().asString().contains("gone*.csv matches no file");
        Files.createDirectory(home.resolve("folder"));
        assertThat(read("folder").bad).singleElement().asString().contains("folder cannot be read: ");
        Files.writeString(home.resolve("no.gz"), "plain");
        assertThat(read("no.gz").bad).singleElement().asString().contains("no.gz cannot be read: ");
        write("torn.ndjson.gz", "1\n2\n");
        byte[] bytes = Files.readAllBytes(home.resolve("torn.ndjson.gz"));
        Files.write(home.resolve("torn.ndjson.gz"), java.util.Arrays.copyOf(bytes, bytes.length - 9));
        assertThat(read("torn.ndjson.gz").bad).isNotEmpty();
    }

    private InputProbe read(String file, Object... options) {
        return new InputProbe().run(input(file, options), null);
    }

    private Input input(String file, Object... options) {
        Map<String, RawValue> map = new LinkedHashMap<>();
        map.put("file", RawValue.of(file));
        for (int i = 0; i < options.length; i += 2) {
            map.put((String) options[i], RawValue.of(options[i + 1]));
        }
        Problems problems = new Problems();
        @Nullable Source made = BuiltInSources.make("file", RawValue.of(map), home, problems);
        problems.throwIfAny();
        return (Input) Objects.requireNonNull(made);
    }

    private void write(String file, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (file.endsWith(".gz")) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                gzip.write(bytes);
            }
            bytes = packed.toByteArray();
        }
        Files.write(home.resolve(file), bytes);
    }

    private void append(String file, String text) throws IOException {
        Files.writeString(home.resolve(file), text, StandardOpenOption.APPEND);
    }
}
