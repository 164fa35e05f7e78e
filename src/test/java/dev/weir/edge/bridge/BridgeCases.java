package dev.weir.edge.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What clients may do to a bridge, and where Weir's answers are meant to differ from the stock bridge's. Who receives requests ends
 * that at the end of its script: the session of a client that polls outlives it by seconds.
 */
final class BridgeCases {
    /** The policies that permit what the stock bridge is told to permit. */
    static final String POLICIES = """
            http: {registrations-per-session: 4, ping-timeout: 60s}
            addresses:
              - {match: "chat.{room}", publish: anyone, subscribe: anyone, max-size: 1MiB}
              - {match: "svc.{name}", request: anyone, max-size: 1MiB}
              - {match: quotes, request: anyone, respond: anyone}
              - {match: closed, publish: nobody, subscribe: nobody}
            """;

    static final String STOCK_INBOUND = "(chat|svc)\\.[^.]+|quotes";
    static final String STOCK_OUTBOUND = "chat\\.[^.]+|quotes";
    static final int REGISTRATIONS = 4;
    /** What waits for an answer that never comes waits so long. */
    static final long SHORT_REPLY_TIMEOUT_MILLIS = 500;
    /** What is answered is waited for, however busy the machine is. */
    static final long REPLY_TIMEOUT_MILLIS = 30_000;

    /**
     * @param name what it shows
     * @param script as in {@link Script}
     * @param weir what clients of Weir receive, where that differs and docs/from-vertx-bridge.md says so; null where it is the same
     */
    record Case(String name, String script, String weir) {
        /** Whether it waits for an answer that never comes. */
        boolean waitsInVain() {
            return script.contains("svc.silent");
        }
    }

    private BridgeCases() {}

    /** All of them. */
    static List<Case> all() {
        List<Case> all = new ArrayList<>();
        events(all);
        bodies(all);
        errors(all);
        requests(all);
        for (String name : BridgeServices.BODIES.keySet()) {
            String script = """
                    a> {"type":"register","address":"chat.emitted"}
                    a.
                    a> {"type":"send","address":"svc.emit","body":"%s"}
                    a< 1
                    """.formatted(name);
            all.add(new Case("a verticle publishes " + name, script, DIFFERENT_BODIES.get(name)));
        }
        differences(all);
        return all;
    }

    private static void events(List<Case> all) {
        all.add(same("an event reaches its sender and everybody else who registered, once", """
                a> {"type":"register","address":"chat.1"}
                a.
                b> {"type":"register","address":"chat.1"}
                b.
                a> {"type":"publish","address":"chat.1","body":{"text":"hi"}}
                a< 1
                b< 1
                """));
        all.add(same("events of one client stay in order", """
                a> {"type":"register","address":"chat.1"}
                a> {"type":"publish","address":"chat.1","body":1}
                a> {"type":"publish","address":"chat.1","body":2}
                a> {"type":"publish","address":"chat.1","body":3}
                a< 3
                """));
        all.add(same("after unregister nothing comes, after register again it does", """
                a> {"type":"register","address":"chat.1"}
                a> {"type":"unregister","address":"chat.1"}
                a.
                a> {"type":"publish","address":"chat.1","body":1}
                a.
                a> {"type":"register","address":"chat.1"}
                a.
                a> {"type":"publish","address":"chat.1","body":2}
                a< 1
                """));
        all.add(same("a send reaches one listener", """
                a> {"type":"register","address":"chat.one"}
                a.
                b> {"type":"send","address":"chat.one","body":"for you"}
                a< 1
                a> {"type":"unregister","address":"chat.one"}
                """));
        all.add(same("a ping is not answered", """
                a> {"type":"ping"}
                a> {"type":"ping","address":"chat.1","body":1}
                a.
                """));
        for (String headers : new String[] {
            "{}",
            "{\"mine\":\"kept\",\"Mixed-Case\":\"\u00e4\\\"\\\\\"}",
            "{\"n\":1,\"d\":1.5,\"t\":true,\"o\":{\"k\":[1]},\"l\":[1,\"a\"]}",
            "{\"empty\":\"\"}"
        }) {
            all.add(same("headers " + headers, """
                    a> {"type":"register","address":"chat.h"}
                    a.
                    a> {"type":"publish","address":"chat.h","body":1,"headers":%s}
                    a< 1
                    a> {"type":"send","address":"svc.echo","body":1,"headers":%s,"replyAddress":"r"}
                    a< 1
                    """.formatted(headers, headers)));
        }
    }

    private static void bodies(List<Case> all) {
        for (String body : new String[] {
            "\"text\"",
            "\"\"",
            "null",
            "true",
            "0",
            "-7",
            "1.5",
            "1e3",
            "12345678901234567890",
            "0.1234567890123456789",
            "[]",
            "{}",
            "[1,\"a\",null,[{}],{\"k\":[]}]",
            "{\"a\":{\"b\":{\"c\":[1,2.5,null,\"x\"]}},\"\":0}",
            "\"\\u0000\\u001f\\b\\f\\n\\r\\t\\\"\\\\\\/\\u2028\\u2029\\ufeff\\uffff\"",
            "\"\u00e4\u20ac\uD83D\uDE00\"",
            "{\"\u00e4\\\"\":\"\\ud83d\\ude00 </script>\"}",
            "\"\\ud800\"",
            "\"$long(300000)\""
        }) {
            all.add(same("a body " + body, """
                    a> {"type":"register","address":"chat.b"}
                    a.
                    a> {"type":"publish","address":"chat.b","body":%s}
                    a< 1
                    a> {"type":"send","address":"svc.echo","body":%s,"replyAddress":"r"}
                    a< 1
                    """.formatted(body, body)));
        }
        all.add(same("no body", """
                a> {"type":"register","address":"chat.b"}
                a.
                a> {"type":"publish","address":"chat.b"}
                a< 1
                a> {"type":"send","address":"svc.echo","replyAddress":"r"}
                a< 1
                """));
    }

    private static void errors(List<Case> all) {
        for (String frame : new String[] {
            "nonsense",
            "[]",
            "\"text\"",
            "5",
            "null",
            "{\"type\":\"ping\"",
            "{\"type\":\"ping\"} {}",
            "{}",
            "{\"type\":null}",
            "{\"address\":\"chat.1\"}",
            "{\"type\":5}",
            "{\"type\":\"publish\"}",
            "{\"type\":\"publish\",\"address\":null}",
            "{\"type\":\"register\"}",
            "{\"type\":\"register\",\"address\":\"closed\"}",
            "{\"type\":\"unregister\",\"address\":\"closed\"}",
            "{\"type\":\"unregister\",\"address\":\"chat.never\"}",
            "{\"type\":\"publish\",\"address\":\"closed\",\"body\":1}",
            "{\"type\":\"send\",\"address\":\"closed\",\"body\":1}",
            "{\"type\":\"register\",\"address\":\"chat.$long(196)\"}",
            "{\"type\":\"register\",\"address\":\"chat.$long(195)\"}",
            "{\"type\":\"register\",\"address\":\"svc.echo\"}",
            "{\"type\":\"send\",\"address\":\"svc.echo\",\"replyAddress\":\"$long(37)\"}",
            "{\"type\":\"publish\",\"address\":\"chat.1\",\"replyAddress\":\"$long(37)\"}",
            "{\"type\":\"register\",\"address\":\"chat.1\",\"replyAddress\":\"$long(37)\"}"
        }) {
            all.add(same(frame, "a> " + frame + "\na.\n"));
        }
        // Their answer is what a fence reads too.
        for (String frame : new String[] {
            "{\"type\":5,\"address\":\"chat.1\"}",
            "{\"type\":\"dance\",\"address\":\"chat.1\"}",
            "{\"type\":\"\",\"address\":\"chat.1\"}",
            "{\"type\":\"PING\",\"address\":\"chat.1\"}",
            "{\"type\":\"dance\",\"address\":\"chat.1\",\"replyAddress\":\"$long(37)\"}"
        }) {
            all.add(same(frame, "a> " + frame + "\na< 1\n"));
        }
        all.add(same("an address is registered once", """
                a> {"type":"register","address":"chat.1"}
                a> {"type":"register","address":"chat.1"}
                a.
                """));
        all.add(same("so many addresses and no more", """
                a> {"type":"register","address":"chat.1"}
                a> {"type":"register","address":"chat.2"}
                a> {"type":"register","address":"chat.3"}
                a> {"type":"register","address":"chat.4"}
                a> {"type":"register","address":"chat.5"}
                a.
                a> {"type":"register","address":"chat.1"}
                a.
                a> {"type":"unregister","address":"chat.2"}
                a> {"type":"register","address":"chat.5"}
                a.
                """));
    }

    private static void requests(List<Case> all) {
        all.add(same("a verticle answers", """
                a> {"type":"send","address":"svc.echo","body":{"n":1},"replyAddress":"123456789012345678901234567890123456"}
                a< 1
                a> {"type":"send","address":"svc.echo","body":2,"replyAddress":12}
                a< 1
                a> {"type":"send","address":"svc.echo","body":"nobody waits"}
                a.
                """));
        all.add(same("a verticle fails", """
                a> {"type":"send","address":"svc.fail","body":"no such item","replyAddress":"r"}
                a< 1
                a> {"type":"send","address":"svc.fail","body":null,"replyAddress":"r"}
                a< 1
                """));
        all.add(same("a verticle asks back", """
                a> {"type":"register","address":"chat.answers"}
                a.
                a> {"type":"send","address":"svc.ask","body":1,"replyAddress":"r"}
                a< 1
                a> {"type":"send","address":"$reply","body":"seven","headers":{"mine":"kept"}}
                a< 1
                """));
        all.add(same("a client answers a verticle", """
                a> {"type":"register","address":"quotes"}
                a.
                b> {"type":"send","address":"svc.callback","body":{"n":1},"replyAddress":"r"}
                a< 1
                a> {"type":"send","address":"$reply","body":{"price":42}}
                b< 1
                a> {"type":"unregister","address":"quotes"}
                """));
        all.add(same("clients ask and answer each other, in steps", """
                a> {"type":"register","address":"quotes"}
                a.
                b> {"type":"send","address":"quotes","body":"EUR","headers":{"h":"1"},"replyAddress":"rb1"}
                a< 1
                a> {"type":"send","address":"$reply","body":"how many?","replyAddress":"ra1"}
                b< 1
                b> {"type":"send","address":"$reply","body":7,"headers":{"h":"2"},"replyAddress":"rb2"}
                a< 1
                a> {"type":"send","address":"$reply","body":null}
                b< 1
                a> {"type":"unregister","address":"quotes"}
                """));
        all.add(same("an address for events takes requests too", """
                a> {"type":"register","address":"chat.q"}
                a.
                b> {"type":"send","address":"chat.q","body":1,"replyAddress":"r"}
                a< 1
                a> {"type":"send","address":"$reply","body":2}
                b< 1
                a> {"type":"unregister","address":"chat.q"}
                """));
        all.add(same("a request is answered once", """
                a> {"type":"register","address":"quotes"}
                a.
                b> {"type":"send","address":"quotes","body":1,"replyAddress":"r"}
                a< 1
                a> {"type":"send","address":"$reply","body":1}
                b< 1
                a> {"type":"send","address":"$reply","body":2}
                a.
                a> {"type":"unregister","address":"quotes"}
                """));
    }

    private static void differences(List<Case> all) {
        for (String type : new String[] {"register", "unregister", "publish", "send"}) {
            all.add(new Case(
                    "an undeclared address is told from a forbidden one: " + type,
                    "a> {\"type\":\"" + type + "\",\"address\":\"nowhere\"}\na.\n",
                    "a {'body':'unknown_address','type':'err'}"));
        }
        all.add(new Case(
                "a number as the address is its text",
                "a> {\"type\":\"publish\",\"address\":5}\na.\n",
                "a {'body':'unknown_address','type':'err'}"));
        all.add(new Case(
                "a long address is too long for every type",
                """
                a> {"type":"publish","address":"chat.$long(196)"}
                a.
                """,
                "a {'body':'max_address_length_reached','type':'err'}"));
        all.add(new Case(
                "a refusal is told where somebody waits",
                """
                a> {"type":"send","address":"closed","body":1,"replyAddress":"r"}
                a.
                """,
                "a {'address':'r','body':'access_denied','failureCode':4006,'failureType':'access_denied',"
                        + "'message':'no permission','type':'err'}"));
        all.add(new Case(
                "who names a reply address hears that an event was accepted",
                """
                a> {"type":"publish","address":"chat.1","body":1,"replyAddress":"r"}
                a.
                """,
                "a {'address':'r','body':{'id':'$id'},'type':'rec'}"));
        all.add(new Case(
                "nobody answers: the words do not name addresses",
                """
                a> {"type":"send","address":"svc.nobody","body":1,"replyAddress":"r"}
                a< 1
                """,
                "a {'address':'r','failureCode':-1,'failureType':'NO_HANDLERS','message':"
                        + "'nobody is registered to answer','type':'err'}"));
        all.add(new Case(
                "nobody answers in time: the words do not name addresses",
                """
                a> {"type":"send","address":"svc.silent","body":1,"replyAddress":"r"}
                a< 1
                """,
                "a {'address':'r','failureCode':-1,'failureType':'TIMEOUT','message':"
                        + "'nobody answered in time','type':'err'}"));
        all.add(new Case(
                "only who received a request may answer it",
                """
                a> {"type":"register","address":"quotes"}
                a.
                b> {"type":"send","address":"quotes","body":1,"replyAddress":"r"}
                a< 1
                b> {"type":"send","address":"$reply","body":"stolen"}
                b.
                a> {"type":"unregister","address":"quotes"}
                """,
                "a {'address':'quotes','body':1,'replyAddress':'$reply','type':'rec'}\n"
                        + "b {'body':'access_denied','type':'err'}"));
        all.add(new Case(
                "half of a pair inside an object stays what it is",
                """
                a> {"type":"register","address":"chat.b"}
                a.
                a> {"type":"publish","address":"chat.b","body":{"half":"\\udc00 of a pair"}}
                a< 1
                """,
                "a {'address':'chat.b','body':{'half':'\uDC00 of a pair'},'type':'rec'}"));
        all.add(new Case(
                "headers that are none are left out",
                """
                a> {"type":"register","address":"chat.h"}
                a.
                a> {"type":"publish","address":"chat.h","body":1,"headers":"x"}
                a.
                a> {"type":"publish","address":"chat.h","body":2,"headers":{"gone":null,"mine":"kept"}}
                a.
                """,
                "a {'address':'chat.h','body':1,'type':'rec'}\n"
                        + "a {'address':'chat.h','body':2,'headers':{'mine':'kept'},'type':'rec'}"));
    }

    private static Case same(String name, String script) {
        return new Case(name, script, null);
    }

    private static final Map<String, String> DIFFERENT_BODIES = Map.of(
            "a buffer",
            "a {'address':'chat.emitted','body':{'data_base64':'+/8A'},'type':'rec'}",
            "half a pair in an object",
            "a {'address':'chat.emitted','body':{'half':'\uD800','\uDC00':1},'headers':{'one':'1','two':['a','b']},'type':'rec'}");
}
